"""Variables that TMI reads and no pod of this program has, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ELSEWHERE: Final = "is for other clouds and databases than those of this program"
_NAMED_TWICE: Final = "says again, or instead, what other variables say already"
_BUS: Final = "needs a job bus that this program does not run; TMI reads documents by itself"
_PICKER: Final = "is for a file picker whose keys TMI shows to every browser; users paste addresses"
_DEFAULT: Final = "is right as TMI has it"
_TESTS: Final = "is for TMI's own tests"
_UNUSED: Final = "is read and then used by nothing in TMI 1.8.22"
_BODIES: Final = "would write what users say into the logs"
_SECRETS: Final = "is for another way to secrets; here pods mount them"
_RECEIVERS: Final = "would let TMI call receivers in private networks, or in the clear"

LEFT_OUT: Final[Mapping[str, str]] = {
    "HEROKU_SLUG_COMMIT": _ELSEWHERE,
    "LOG_LEVEL": "shows panics to clients when it says debug",
    "ORACLE_PASSWORD": _ELSEWHERE,
    "OTEL_RESOURCE_ATTRIBUTES": (
        "reaches one of two ways out of TMI; the collector adds role and pod to what comes by either"
    ),
    "PORT": _NAMED_TWICE,
    "SOURCE_VERSION": _ELSEWHERE,
    "TMI_ADMIN_GROUP_NAME": "makes a group administrators, and with it whoever the provider puts there",
    "TMI_ADMIN_SUBJECT_TYPE": "is for groups alone",
    "TMI_AWS_REGION": _SECRETS,
    "TMI_AWS_SECRET_NAME": _SECRETS,
    "TMI_AZURE_VAULT_URL": _ELSEWHERE,
    "TMI_CLOUD_LOG_ENABLED": _ELSEWHERE,
    "TMI_CLOUD_LOG_LEVEL": _ELSEWHERE,
    "TMI_CLOUD_LOG_PROVIDER": _ELSEWHERE,
    "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_BROWSER_OAUTH_CLIENT_ID": _PICKER,
    "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_PICKER_APP_ID": _PICKER,
    "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_PICKER_DEVELOPER_KEY": _PICKER,
    "TMI_CONTENT_SOURCE_GOOGLE_WORKSPACE_ENABLED": (
        "asks for a provider called google_workspace, and from its environment TMI 1.8.22 makes google-workspace"
    ),
    "TMI_CONTENT_SOURCE_GOOGLE_WORKSPACE_PICKER_APP_ID": _PICKER,
    "TMI_CONTENT_SOURCE_GOOGLE_WORKSPACE_PICKER_DEVELOPER_KEY": _PICKER,
    "TMI_COOKIE_DOMAIN": "would show cookies to other hosts; unset they are the host's alone",
    "TMI_DB_CONN_MAX_IDLE_TIME": _DEFAULT,
    "TMI_DB_CONN_MAX_LIFETIME": _DEFAULT,
    "TMI_DISABLE_RATE_LIMITING": "takes away the limits on guessing passwords and codes",
    "TMI_EXTRACTION_ASYNC_ENABLED": _BUS,
    "TMI_GCP_PROJECT_ID": _ELSEWHERE,
    "TMI_GCP_SECRET_NAME": _ELSEWHERE,
    "TMI_JWT_SIGNING_METHOD": "stops TMI 1.8.22 from starting with any other method than its own",
    "TMI_LOG_API_REQUESTS": _BODIES,
    "TMI_LOG_API_RESPONSES": _BODIES,
    "TMI_LOG_CLOUD_ERROR_THRESHOLD": _ELSEWHERE,
    "TMI_LOG_IS_TEST": _TESTS,
    "TMI_LOG_MAX_AGE_DAYS": _DEFAULT,
    "TMI_LOG_WEBSOCKET_MESSAGES": _BODIES,
    "TMI_NATS_CREDS": _BUS,
    "TMI_NATS_URL": _BUS,
    "TMI_OCI_COMPARTMENT_ID": _ELSEWHERE,
    "TMI_OCI_LOG_ID": _ELSEWHERE,
    "TMI_OCI_SECRET_NAME": _ELSEWHERE,
    "TMI_OCI_VAULT_ID": _ELSEWHERE,
    "TMI_ORACLE_WALLET_LOCATION": _ELSEWHERE,
    "TMI_REDIS_DB": _DEFAULT,
    "TMI_REDIS_URL": _NAMED_TWICE,
    "TMI_SECRETS_PROVIDER": _SECRETS,
    "TMI_SECRET_SETTINGS_ENCRYPTION_CONTEXT_ID": _DEFAULT,
    "TMI_SSRF_DOCUMENT_URI_SCHEMES": _DEFAULT,
    "TMI_SSRF_ISSUE_URI_SCHEMES": _DEFAULT,
    "TMI_SSRF_REPOSITORY_URI_SCHEMES": _DEFAULT,
    "TMI_SSRF_TIMMY_SCHEMES": _DEFAULT,
    "TMI_SSRF_WEBHOOK_SCHEMES": _RECEIVERS,
    "TMI_TEST_FORCE_AUTH_FLOW_RATE_LIMITING": _TESTS,
    "TMI_TIMMY_DUMP_EXTRACTED_TEXT_TO_NOTE": "writes every document into a note; TMI does not refuse it in production",
    "TMI_VAULT_ADDRESS": _SECRETS,
    "TMI_VAULT_PATH": _SECRETS,
    "TMI_VAULT_TOKEN": _SECRETS,
    "TMI_WEBHOOK_ALLOW_HTTP_TARGETS": _RECEIVERS,
    "OAUTH_PROVIDERS_<ID>_ADDITIONAL_PARAMS_*": _UNUSED,
    "OAUTH_PROVIDERS_<ID>_USERINFO_ADDITIONAL_CLAIMS_*": _DEFAULT,
    "OAUTH_PROVIDERS_<ID>_USERINFO_ADDITIONAL_URL": _DEFAULT,
    "SAML_PROVIDERS_<ID>_ICON": _DEFAULT,
    "SAML_PROVIDERS_<ID>_IDP_METADATA_URL": "has TMI fetch the metadata on every authenticated request",
    "SAML_PROVIDERS_<ID>_METADATA_URL": _UNUSED,
    "SAML_PROVIDERS_<ID>_METADATA_XML": _UNUSED,
    "SAML_PROVIDERS_<ID>_NAME_ID_ATTRIBUTE": _UNUSED,
    "SAML_PROVIDERS_<ID>_SIGN_REQUESTS": _UNUSED,
    "SAML_PROVIDERS_<ID>_SP_CERTIFICATE_PATH": _NAMED_TWICE,
    "SAML_PROVIDERS_<ID>_SP_PRIVATE_KEY": "puts into the environment what TMI reads from a file as well",
    "TMI_CONTENT_OAUTH_PROVIDERS_<ID>_REVOCATION_URL": "has no address at the providers this program knows",
}
"""By name; `<ID>` is a provider's, and a name that ends in `*` begins names."""
