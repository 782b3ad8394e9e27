"""Why a photo or a paper is refused."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "file_empty": _("This file is empty. Choose another one."),
    "file_too_large": _("This file is too large. It may be 10 MB at most."),
    "file_kind": _("This is no photo and no PDF. Take a photo or choose a PDF."),
    "file_mislabelled": _("The name does not fit the file. Take a new photo or scan."),
    "file_too_many_pixels": _("This photo is too large. Take a new one with your phone."),
    "file_broken": _("We cannot open this file. Take a new photo."),
    "file_too_many_pages": _("This PDF has more than 100 pages. Choose a shorter one."),
    "file_locked": _("This PDF has a password. Take a photo of the paper."),
    "file_virus": _("This file is not safe. We did not keep it."),
    "file_bsn": _("The name of the file holds a citizen service number. Change the name."),
    "too_many_files": _("There are ten files already. Remove one first."),
}
