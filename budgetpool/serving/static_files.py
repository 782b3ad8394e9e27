"""Static files under their fingerprints, also where one module imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Imports between modules are written with fingerprints, as the addresses in styles are."""

    support_js_module_import_aggregation = True
