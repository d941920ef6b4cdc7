"""Django's settings: nothing that the job does not need."""

import os

SECRET_KEY = "of no use here: no sessions, no signing"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.drf.players"
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",  # Content-Length
    "django.middleware.http.ConditionalGetMiddleware",  # ETag, 304
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BENCH_DATABASE"],
        "CONN_MAX_AGE": None,
    }
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
USE_I18N = False
LOGGING_CONFIG = None
