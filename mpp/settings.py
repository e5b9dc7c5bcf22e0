"""All settings of the portal, read from the environment in this one file.

With no environment at all it runs: debug, SQLite, no broker, no Redis.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

DEBUG = env.bool("DEBUG", True)
DEMO = env.bool("DEMO", False)

INSECURE_KEY = "hanya-untuk-mencoba-di-mesin-sendiri"
SECRET_KEY = env.str("SECRET_KEY", INSECURE_KEY if DEBUG else "")
if not DEBUG and (len(SECRET_KEY) < 50 or SECRET_KEY == INSECURE_KEY):
    raise ImproperlyConfigured(
        "DEBUG=0 needs SECRET_KEY in the environment: 50 random characters or more."
    )
# Names, phones and NIK at rest: "id:key" entries, the first one seals, the others still open.
VAULT_KEYS = env.list("VAULT_KEYS", default=[f"0:{INSECURE_KEY}"] if DEBUG else [])
INDEX_KEY = env.str("INDEX_KEY", INSECURE_KEY if DEBUG else "")
_keys = [INDEX_KEY, *(entry.partition(":")[2] for entry in VAULT_KEYS)]
if not DEBUG and (not VAULT_KEYS or any(len(key) < 32 or key == INSECURE_KEY for key in _keys)):
    raise ImproperlyConfigured(
        "DEBUG=0 needs VAULT_KEYS (such as 1:KEY) and INDEX_KEY: 32 random characters or more each."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Where the links in messages lead; a message is written where no request says it.
_host = "".join(ALLOWED_HOSTS[:1]).lstrip(".")
_here = f"http://127.0.0.1:{env.int('PORT', 8000)}" if DEBUG else f"https://{_host}"
PUBLIC_URL = (env.str("PUBLIC_URL", "") or _here).rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "mpp.urls"
WSGI_APPLICATION = "mpp.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_htmx",
    "csp",
    "core",
    "accounts",
    "agencies",
    "hall",
    "notifications",
    "services",
    "queueing",
    "appointments",
    "feedback",
    "onboarding",
    "monitoring",
    "mpp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.middleware",
    "core.readable.middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.portal",
            ],
        },
    }
]

# --- Database: SQLite for one small mall, PostgreSQL for everything larger -----------------
if not env.str("DATABASE_URL", ""):
    VAR_DIR.mkdir(exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR_DIR / 'mpp.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Without IMMEDIATE two writers that read first deadlock each other; see ADR 0002.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a number that stands on paper is not given out again after a power cut.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }
    # Threads cannot share a test database in memory, so it is a file beside the real one.
    _database["TEST"] = {"NAME": f"{_database['NAME']}.test"}
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s"
    )
    # A copy that follows a moment behind: figures of days that are over are read there.
    if env.str("DATABASE_REPLICA_URL", ""):
        DATABASES["replica"] = _replica = {**_database, **env.db("DATABASE_REPLICA_URL")}
        _replica["OPTIONS"] = {
            # Nobody waits long for a copy that is away: the page is read from the original.
            "connect_timeout": 2,
            "options": f"{_database['OPTIONS']['options']} -c default_transaction_read_only=on",
        }
        _replica["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS = ["core.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: hints for screens, cache and broker; never the truth ---------------------------
REDIS_URL = env.str("REDIS_URL", "")
_redis = {
    "LOCATION": REDIS_URL,
    # A Redis that hangs must cost a page a second, not the page.
    "OPTIONS": {
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "pool_class": "core.pools.Shared",
    },
}
CACHES = (
    {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **_redis},
        "sessions": {"BACKEND": "core.sessions.Copies", **_redis},
    }
    if REDIS_URL
    else {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "sessions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
)
SESSION_CACHE_ALIAS = "sessions"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Redis keeps no list of what a worker has begun: the rows say what is to be done and beat looks
    # at them again and again, while a worker that confirms over a line that is gone would end.
    # A press that pokes a worker waits for a Redis that is not there neither by trying again nor
    # for ever, and a worker notices within half a minute that its line is dead.
    {
        "ack_emulation": False,
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
    if REDIS_URL
    else {"polling_interval": 0.1}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # Redis may be away for as long as it likes
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    # Beside the codes nothing heavy ever runs, so whoever looks for lost messages is never late.
    "notifications.tasks.sweep": {"queue": "codes"},
    "mpp.tasks.verify_invariants": {"queue": "reports"},
    "queueing.tasks.learn": {"queue": "reports"},
    "onboarding.tasks.remind_of_endings": {"queue": "reports"},
    "monitoring.tasks.count": {"queue": "reports"},
    "monitoring.tasks.build_report": {"queue": "reports"},
    "monitoring.tasks.build_reports": {"queue": "reports"},
    "monitoring.tasks.make_reports": {"queue": "reports"},
    "monitoring.tasks.remind_of_reports": {"queue": "reports"},
}
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_FILE", str(VAR_DIR / "celerybeat-schedule"))
_EVERY = {  # seconds; each job is "what is due and not done", safe to run never, once or twice
    "notifications.tasks.sweep": 5.0,
    "queueing.tasks.tell_near": 5.0,
    "queueing.tasks.withdraw_unprinted": 20.0,
    "queueing.tasks.score_forecasts": 30.0,
    "appointments.tasks.release_held": 30.0,
    "appointments.tasks.serve_waiting": 30.0,
    "queueing.tasks.close_days": 60.0,
    "queueing.tasks.tell_staff": 60.0,
    "appointments.tasks.cancel_unanswered": 60.0,
    "appointments.tasks.count_no_shows": 60.0,
    "feedback.tasks.invite": 60.0,
    "onboarding.tasks.begin_days": 60.0,
    "monitoring.tasks.count": 60.0,
    "monitoring.tasks.build_reports": 60.0,
    "monitoring.tasks.watch": 300.0,
    "appointments.tasks.follow_plans": 300.0,
    "notifications.tasks.tell_of_dead": 3600.0,
    "notifications.tasks.forget_codes": 3600.0,
    "queueing.tasks.learn": 3600.0,
    "core.tasks.forget_answers": 3600.0,
    "mpp.tasks.verify_invariants": 86400.0,
}
CELERY_BEAT_SCHEDULE = {
    # One that no worker took before the next is one too many: after a night without workers
    # nobody works off a thousand copies.
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in _EVERY.items()
}
_DAILY = {  # when it is morning everywhere in the country, and "due and not done" as well
    "onboarding.tasks.remind_of_endings": crontab(hour=7, minute=0),
    "monitoring.tasks.make_reports": crontab(hour=6, minute=0),
    "monitoring.tasks.remind_of_reports": crontab(hour=7, minute=5),
}
CELERY_BEAT_SCHEDULE |= {
    task: {"task": task, "schedule": at, "options": {"expires": 12 * 3600}}
    for task, at in _DAILY.items()
}

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "staff"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
# Only a fallback for the admin: what counts as today is decided by each mall's own zone.
TIME_ZONE = "Asia/Jakarta"

# --- Messages -------------------------------------------------------------------------------
# Providers inside the region's own network, as host:port; all others are on the internet.
NOTIFY_PRIVATE_HOSTS = env.list("NOTIFY_PRIVATE_HOSTS", default=[])
# The same for push services, whose addresses any browser may make up: none but in tests.
PUSH_PRIVATE_HOSTS = env.list("PUSH_PRIVATE_HOSTS", default=[])
# Signs notifications to browsers; another key ends every subscription. Empty: there are none.
VAPID_KEY = env.str("VAPID_KEY", INSECURE_KEY if DEBUG else "")
VAPID_CONTACT = env.str("VAPID_CONTACT", "") or "mailto:mpp@example.go.id"

# --- Static files ---------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Safety ---------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not DEBUG else None
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_NAME = "mpp_session" if DEBUG else "__Host-session"
CSRF_COOKIE_NAME = "mpp_csrf" if DEBUG else "__Host-csrf"
LANGUAGE_COOKIE_NAME = "mpp_language"
LANGUAGE_COOKIE_AGE = 365 * 86400
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mpp.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Open data --------------------------------------------------------------------------------
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", "CC BY 4.0")
# A region may say otherwise of its own malls, by its code: 32.75=CC0 1.0,34.04=…
OPEN_DATA_LICENCES = env.dict("OPEN_DATA_LICENCES", default={})

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.StrictParser"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "EXCEPTION_HANDLER": "core.errors.api_answer",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "core.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
