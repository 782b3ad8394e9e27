"""People who sign in. What a person may do follows from where they sit, not from this table."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person who signs in with this e-mail address; no password means codes only.

        Args:
            email: empty for somebody who signs in with a phone number alone.
        """
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        if not username:
            raise self.model.DoesNotExist
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person with an account; never shared by two people.

    The e-mail address is empty for somebody who signs in with a phone number alone.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    name = models.CharField(_("name"), max_length=200)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, default="nl")
    wants_daily_mail = models.BooleanField(
        _("an e-mail in the morning with what waits"), default=True, db_default=True
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the back office"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = self.email.strip().lower()


class PhoneNumber(models.Model):
    """A mobile number that one person signs in with; proven once a code sent to it came back.

    The number in `User` is for calling; it is not proven and opens nothing.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="phone_number")
    number = models.CharField(_("mobile number"), max_length=16, unique=True)
    proven_at = models.DateTimeField(_("proven"), null=True, blank=True)

    class Meta:
        verbose_name = _("mobile number")
        verbose_name_plural = _("mobile numbers")

    def __str__(self) -> str:
        return self.number


class SignInLink(models.Model):
    """A link in an e-mail that signs one person in, once; of its secret only the hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    email = models.EmailField(_("e-mail address"), max_length=254)
    secret_sha256 = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    onward = models.CharField(_("page that was asked for"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    ended_at = models.DateTimeField(_("used, or worth nothing any more"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d %H:%M}"
