"""All settings. Every value that differs between installations comes from the environment.

The defaults are those of a single machine: SQLite in `var/`, no other service, and safe for a
real server. `DEBUG=1` (which `manage.py demo` and `runserver` set) serves plain HTTP on this
machine only.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from whitenoise.compress import Compressor

from api.version import API_VERSION
from budgetpool.environment import read_bool, read_int, read_list, read_secret, read_str

BASE_DIR = Path(__file__).resolve().parent.parent
# In a checkout everything that a running installation writes stays beside the source; installed
# from a wheel, in the folder for data of the person who runs it.
IS_CHECKOUT = (BASE_DIR / "pyproject.toml").exists()
WRITTEN_HERE = BASE_DIR if IS_CHECKOUT else Path.home() / ".local" / "share" / "budgetpool"
VAR_DIR = Path(read_str("BUDGETPOOL_VAR", str(WRITTEN_HERE / "var")))
OUR_PACKAGES = ("budgetpool", "allocation", "employers", "workers", "api")

DEBUG = read_bool("DEBUG", default=False)
SECRET_KEY = read_secret("SECRET_KEY", VAR_DIR / "secret_key")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
BEHIND_PROXY = read_bool("BEHIND_PROXY", default=False)
TRUSTED_PROXIES = 1 if BEHIND_PROXY else 0
SITE_URL = read_str(
    "SITE_URL", "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0]}"
).rstrip("/")

# An installation whose people and amounts are made up says so on every page.
DEMO = read_bool("DEMO", default=False)
# The same, to try the interface for programs on: see `manage.py sandbox`. Nothing leaves it.
SANDBOX = read_bool("SANDBOX", default=False)
# Where the source code can be read; the public record of each round names it.
SOURCE_CODE_URL = read_str("SOURCE_CODE_URL", "")

INSTALLED_APPS = [
    "budgetpool.limits",
    "budgetpool.users",
    "budgetpool.audit",
    "budgetpool.jobs",
    "budgetpool.mail",
    "budgetpool.fund",
    "budgetpool.register",
    "budgetpool.bank",
    "employers",
    "workers",
    "allocation",
    "api",
    "budgetpool.portals",
    "budgetpool.operations",
    "budgetpool.demo",
    "budgetpool.portals.back_office.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "djmoney",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_ox",
    "oauth2_provider",
]

MIDDLEWARE = [
    "budgetpool.audit.request_ids.RequestIdMiddleware",
    "budgetpool.operations.outage.OutageMiddleware",
    "api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "budgetpool.portals.compression.CompressWordsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "budgetpool.portals.for_pages.SessionMiddleware",
    "budgetpool.portals.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "budgetpool.portals.for_pages.AuthenticationMiddleware",
    "budgetpool.portals.for_pages.StayingMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "budgetpool.portals.for_pages.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "budgetpool.portals.for_pages.HtmxMiddleware",
    "budgetpool.portals.for_pages.KeptMiddleware",
]

ROOT_URLCONF = "budgetpool.urls"
WSGI_APPLICATION = "budgetpool.wsgi.application"
APPEND_SLASH = False

# Each portal keeps its own templates and catalogue beside its views.
PORTALS_DIR = BASE_DIR / "budgetpool" / "portals"
PORTALS = [
    "public",
    "account",
    "employer",
    "application",
    "worker",
    "board",
    "adviser",
    "treasurer",
    "school",
    "partner",
]
LOCALE_PATHS = [BASE_DIR / "budgetpool" / "locale"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PORTALS_DIR / "templates", *(PORTALS_DIR / p / "templates" for p in PORTALS)],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "budgetpool.portals.components.installation.named",
                "budgetpool.portals.account.staying.told",
            ],
        },
    }
]

FORM_RENDERER = "budgetpool.portals.components.forms.Renderer"

# Data: SQLite unless DATABASE_URL names a PostgreSQL server.
SQLITE_OPTIONS = {
    # A writer takes its lock at BEGIN, so that two writers wait for each other instead of failing
    # halfway with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


# A database that is away is said at once, and not after the minutes that a network may take.
CONNECT_SECONDS = 5


def database(url: str) -> dict[str, object]:
    """Django's settings for a database URL; SQLite and PostgreSQL only."""
    parsed = dict(dj_database_url.parse(url))
    match parsed["ENGINE"]:
        case "django.db.backends.sqlite3":
            parsed["OPTIONS"] = dict(SQLITE_OPTIONS)
        case "django.db.backends.postgresql":
            parsed["CONN_HEALTH_CHECKS"] = True
            given: Any = parsed.get("OPTIONS") or {}
            parsed["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS, **given}
            parsed["CONN_MAX_AGE"] = 60
        case engine:
            raise ImproperlyConfigured(
                f"DATABASE_URL asks for {engine}. Use sqlite:///PATH or postgres://USER@HOST/NAME."
            )
    return parsed


DATABASES = {
    "default": database(read_str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'budgetpool.sqlite3'}"))
}

# Shared by all processes: in the database, made by a migration. Nothing that must be kept is in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# A code by e-mail or text message is the usual way in; a password and a passkey are there for
# who wants them. An account has an e-mail address or a mobile number; each is unique where it is
# not empty, which the check of the user's name does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "budgetpool.portals.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]  # either is enough: `entrance.JoinForm`
ACCOUNT_SIGNUP_FORM_CLASS = "budgetpool.portals.account.forms.NameForm"
ACCOUNT_FORMS = {
    "login": "budgetpool.portals.account.entrance.PasswordForm",
    "request_login_code": "budgetpool.portals.account.entrance.CodeForm",
    "signup": "budgetpool.portals.account.entrance.JoinForm",
    "confirm_login_code": "budgetpool.portals.account.entrance.EnterCodeForm",
    "verify_phone": "budgetpool.portals.account.entrance.EnterPhoneCodeForm",
    "set_password": "budgetpool.portals.account.entrance.NewPasswordForm",
    "change_password": "budgetpool.portals.account.entrance.OtherPasswordForm",
    "reset_password": "budgetpool.portals.account.entrance.ForgottenForm",
    "change_phone": "budgetpool.portals.account.entrance.OtherNumberForm",
    "reset_password_from_key": "budgetpool.portals.account.confirming.ForgottenPasswordForm",
    "reauthenticate": "budgetpool.portals.account.confirming.ConfirmPasswordForm",
    "confirm_reauthentication_code": "budgetpool.portals.account.confirming.ConfirmCodeForm",
}
MFA_FORMS = {
    "authenticate": "budgetpool.portals.account.confirming.AppCodeForm",
    "reauthenticate": "budgetpool.portals.account.confirming.ConfirmAppCodeForm",
    "edit_webauthn": "budgetpool.portals.account.confirming.PasskeyNameForm",
    "activate_totp": "budgetpool.portals.account.confirming.AppForm",
    "add_webauthn": "budgetpool.portals.account.confirming.PasskeyForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 15 * 60
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
# Tries are counted by budgetpool/portals/account/tries.py.
ACCOUNT_RATE_LIMITS = False
# What sends a message to an address that may be unknown answers after so long, and not before.
MESSAGE_SECONDS = 0.4
MFA_RATE_LIMITS = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
# An identity broker may prove who somebody is (OpenID Connect: authorisation code with PKCE). It
# is on as soon as OIDC_ISSUER names one; its word about a proven e-mail address is believed.
OIDC_ISSUER = read_str("OIDC_ISSUER", "").rstrip("/")
SOCIALACCOUNT_ADAPTER = "budgetpool.portals.account.broker.BrokerAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "broker",
                "name": read_str("OIDC_NAME", "OpenID Connect"),
                "client_id": read_str("OIDC_CLIENT_ID", ""),
                "secret": read_str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "budgetpool.portals.account.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Budgetpool"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"

# Language, time and numbers: Dutch first; another language only by explicit choice.
LANGUAGE_CODE = "nl"
# A machine translated these, for the pages of a worker's road only; see portals/language.py.
MACHINE_NAMES = [("pl", "Polski"), ("uk", "Українська"), ("ar", "العربية")]
MACHINE_LANGUAGES = tuple(code for code, _name in MACHINE_NAMES)
LANGUAGES = [("nl", "Nederlands"), ("en", "English"), *MACHINE_NAMES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = True
CURRENCIES = ("EUR",)
DEFAULT_CURRENCY = "EUR"

# What each layer says must be in the ledger; `check_ledger` compares. See budgetpool/fund/facts.py.
LEDGER_FACTS: list[str] = [
    "budgetpool.bank.opening.facts",
    "budgetpool.bank.opening_shares.facts",
    "employers.ledger_facts.deposits",
    "employers.payment_facts.payments",
    "employers.payment_facts.refunds",
    "employers.payment_facts.charges",
    "allocation.decisions.ledger_facts.rounds",
    "allocation.decisions.ledger_facts.awards",
    "allocation.payouts.facts.payouts",
    "allocation.payouts.facts.recoveries",
    "allocation.payouts.facts.determinations",
    "api.sandbox.money.FACTS",
]
# What upper layers prove beside their facts, and what `check_ledger` prints below its checks.
LEDGER_CHECKS: list[str] = ["budgetpool.bank.reconciling.check"]
LEDGER_LINES: list[str] = ["budgetpool.bank.reconciling.lines"]
# What has to be proven before a month closes, beside check_ledger. See budgetpool/fund/periods.py.
PERIOD_PROOFS: list[str] = [
    "budgetpool.bank.closing.unproven",
    "budgetpool.bank.closing.unexplained",
    "employers.deposits.charges.not_approved",
]

# Who hears of each line of the trail, within its transaction. See budgetpool/audit/trail.py.
AUDIT_LISTENERS: list[str] = ["api.webhooks.listening.heard"]
# Events of partners go to the public internet only; receivers of tests are on this machine.
WEBHOOKS_MAY_BE_INSIDE = False

# Files
STATIC_URL = "/static/"
STATIC_ROOT = (BASE_DIR if IS_CHECKOUT else VAR_DIR) / "staticfiles"
MEDIA_ROOT = VAR_DIR / "files"
# An object store that all machines share: `s3://KEY:SECRET@HOST/BUCKET`. Empty: MEDIA_ROOT.
FILES = read_str("BUDGETPOOL_FILES", "")
# The dotted path of a function that gets a file's bytes and gives the name of a virus, or "".
FILE_SCANNER = read_str("BUDGETPOOL_SCANNER", "")
# Whether the payee's bank knows an IBAN by a name. See budgetpool/bank/name_check.py.
NAME_CHECK_FILE = read_str("BUDGETPOOL_NAME_CHECK_FILE", "")
NAME_CHECK = read_str(
    "BUDGETPOOL_NAME_CHECK", "budgetpool.bank.name_check.from_file" if NAME_CHECK_FILE else ""
)
# Who is told of what two people of a fund do with its money where no third has a seat there.
OVERSEER_EMAIL = read_str("BUDGETPOOL_OVERSEER_EMAIL", "")
STORAGES = {
    "default": (
        {"BACKEND": "budgetpool.files.storage.ObjectStorage", "OPTIONS": {"url": FILES}}
        if FILES
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "budgetpool.serving.static_files.StaticFiles"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Pages name files by their fingerprint only, and nobody but a developer asks for source maps.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Mail: an SMTP server; with DEBUG and none named, files in `var/mail`.
MAIL_SERVER = "" if SANDBOX else read_str("EMAIL_HOST", "" if DEBUG else "localhost")
KEPT_HERE = {
    "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "OPTIONS": {"file_path": VAR_DIR / "mail"},
}
MAILERS = {
    # For addresses that nobody can have, such as the demo's: see `budgetpool.mail.delivery`.
    "kept": KEPT_HERE,
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_SERVER,
            "port": read_int("EMAIL_PORT", default=587, least=1, most=65535),
            "username": read_str("EMAIL_HOST_USER", ""),
            "password": read_str("EMAIL_HOST_PASSWORD", ""),
            "use_tls": read_bool("EMAIL_USE_TLS", default=True),
            "timeout": 20,
        },
    }
    if MAIL_SERVER
    else KEPT_HERE,
}
DEFAULT_FROM_EMAIL = read_str("DEFAULT_FROM_EMAIL", "Budgetpool <budgetpool@localhost>")
# Text messages: `gateway` (a provider's address that takes JSON), `file` (in `var/sms`),
# `console`, or the dotted path of a class of one's own.
SMS_GATEWAY = {
    "url": read_str("BUDGETPOOL_SMS_URL", ""),
    "authorization": read_str("BUDGETPOOL_SMS_AUTHORIZATION", ""),
    "sender": read_str("BUDGETPOOL_SMS_SENDER", "Budgetpool"),
    # What the provider calls each part: `to=recipient,text=body,sender=from,reference=id`.
    "names": read_str("BUDGETPOOL_SMS_NAMES", ""),
}
SMS_BACKEND = (
    "file"
    if SANDBOX
    else read_str(
        "BUDGETPOOL_SMS_BACKEND",
        "gateway" if SMS_GATEWAY["url"] else "file" if DEBUG else "console",
    )
)
# Country codes that a text message may go to: the European Economic Area and its neighbours
# whose people work here. Far and dear numbers are how a sign-in page is robbed.
SMS_COUNTRIES = read_list(
    "BUDGETPOOL_SMS_COUNTRIES",
    [
        *("30", "31", "32", "33", "34", "351", "352", "353", "354", "356", "357", "358", "359"),
        *("36", "370", "371", "372", "373", "380", "381", "385", "386", "387", "389", "39", "40"),
        *("41", "420", "421", "423", "43", "44", "45", "46", "47", "48", "49", "90"),
    ],
)

# Long work: a queue in the same database, so that a job and its facts are stored together.
# `manage.py work` does the work, one job at a time; start as many as there are cores. When a
# worker dies, another takes over within the minute. Two engines do the same: `database` needs no
# service and carries one machine, `procrastinate` needs PostgreSQL and carries many.
ENGINE = read_str("BUDGETPOOL_ENGINE", "database")
ENGINES: dict[str, dict[str, Any]] = {
    "database": {
        "BACKEND": "django_ox.backend.OxBackend",
        # A lease is renewed every 10 s, and somebody looks for lost ones every 15 s.
        "OPTIONS": {"MAX_ATTEMPTS": 3, "LOCK_TIMEOUT": 30},
    },
    "procrastinate": {"BACKEND": "budgetpool.jobs.engines.procrastinate.ProcrastinateBackend"},
}
if ENGINE not in ENGINES:
    raise ImproperlyConfigured(f"BUDGETPOOL_ENGINE is {ENGINE}. Use one of {', '.join(ENGINES)}.")
if ENGINE == "procrastinate":
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "BUDGETPOOL_ENGINE=procrastinate needs PostgreSQL: set DATABASE_URL."
        )
    INSTALLED_APPS += ["procrastinate.contrib.django"]
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
TASKS = {"default": ENGINES[ENGINE]}
# What the workers do every night, at which time on the wall; in the order of the clock. A night
# that was missed is made up for.
NIGHTLY: list[tuple[str, str]] = [
    ("00:30", "close_rounds"),
    ("01:00", "lapse_awards"),
    ("01:10", "renew_prices"),
    ("02:00", "backup"),
    ("03:00", "check_ledger"),
    ("03:30", "destroy_old_data"),
    ("04:00", "forget_traces"),
    *([("04:10", "ox_prune")] if ENGINE == "database" else []),
    ("07:00", "send_reminders"),
    ("07:15", "tell_what_waits"),
]

# The API: /v1
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    # Closed unless a view says otherwise.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.CallThrottle"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": TRUSTED_PROXIES,
}
# Access tokens for partners' programs: client credentials and nothing else, kept as a hash.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "api.oauth.validator.ClientValidator",
    "SCOPES_BACKEND_CLASS": "api.oauth.scopes.ClientScopes",
    "ACCESS_TOKEN_GENERATOR": "api.oauth.access.generate",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 15 * 60,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    # What the other grants would need if they were open.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Budgetpool",
    "DESCRIPTION": "Regional training funds for flex workers: open data of regions, rounds and "
    "the register, and filing training requests for workers who agreed. The words are those of "
    "docs/glossary.md, which gives the Dutch for each.",
    "VERSION": API_VERSION,
    "OAS_VERSION": "3.1.0",
    "CONTACT": {
        "name": "Budgetpool",
        "url": SITE_URL,
        "email": read_str("API_CONTACT_EMAIL", "budgetpool@example.nl"),
    },
    "LICENSE": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "SERVERS": [{"url": f"{SITE_URL}/v1"}],
    "SCHEMA_PATH_PREFIX": "/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SORT_OPERATIONS": False,
    "ENUM_NAME_OVERRIDES": {
        "EducationLevel": "budgetpool.register.codes.EducationLevel",
        "Sector": "budgetpool.register.codes.Sector",
        "Outcome": "budgetpool.register.codes.Outcome",
        "Contract": "budgetpool.register.codes.Contract",
        "TeachingLanguage": "budgetpool.register.codes.TeachingLanguage",
        "CostKind": "workers.models.CostLine.Kind",
        "RequestStatus": "workers.models.TrainingRequest.Status",
        "RoundStatus": "allocation.models.Round.Status",
        "ProviderStatus": "budgetpool.register.models.Provider.Status",
        "VatStatus": "budgetpool.register.models.Provider.VatStatus",
        "ConsentWay": "api.models.Consent.Way",
        "AwardStatus": "allocation.models.Award.Status",
        "ContributionState": "api.serializers.contributions.STATES",
        "ProofKind": "allocation.models.Proof.Kind",
        "ProofStatus": "allocation.models.Proof.Status",
        "SignatureRole": "allocation.models.PaperSignature.Role",
        "ObjectionStatus": "allocation.models.Objection.Status",
        "ObjectionCause": "allocation.models.Objection.Cause",
        "PaymentKind": "allocation.models.Payout.Kind",
        "PaymentStatus": "allocation.models.Payout.Status",
        "DeliveryState": "api.models.Delivery.State",
        "CredentialKind": "api.models.Credential.Kind",
        "WorkerLanguage": "api.serializers.requests.LANGUAGES",
    },
    "PATH_CONVERTER_OVERRIDES": {"key": int},
    "COMPONENT_SPLIT_REQUEST": True,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.complete",
    ],
}

# `/readyz` writes at most once in so many seconds.
READY_SECONDS = 1.0
# What a monitor must show to read /metrics; without it the address does not exist.
METRICS_TOKEN = read_str("BUDGETPOOL_METRICS_TOKEN", "")

# Where `manage.py backup` writes every night; doctor looks there.
BACKUPS_DIR = Path(read_str("BUDGETPOOL_BACKUPS", str(VAR_DIR / "backups")))
# Public keys for which each backup is sealed; without one it is readable for who has the file.
BACKUP_KEYS = read_list("BUDGETPOOL_BACKUP_KEYS", [])

# Security
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz|metrics)$"]  # asked by machines beside this one
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
# Signed out after so many hours without use, and when the browser is closed; the page warns.
SESSION_COOKIE_AGE = 3600 * read_int("BUDGETPOOL_SESSION_HOURS", default=2, least=1, most=20)
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    # The button of an identity broker is a form whose answer leads there.
    "form-action": [CSP.SELF, *([OIDC_ISSUER] if OIDC_ISSUER else [])],
    "frame-ancestors": [CSP.NONE],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "budgetpool.logs.formatter", "as_json": not DEBUG}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": read_str("LOG_LEVEL", "WARNING").upper()},
    # A library that brings a handler of its own writes each line once more, as text: so none has
    # one but ours. With one of ours the worker adds none.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django_ox": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "procrastinate.worker": {"level": "INFO"},
        # A queue that grows for a moment is no news.
        "waitress.queue": {"level": "ERROR"},
    },
}
