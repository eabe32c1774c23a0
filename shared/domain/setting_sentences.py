"""The sentences for settings that cannot be used."""

from shared.domain.errors import ConfigurationError
from shared.domain.sentences import say


def unusable(code: str, setting: str, **values: str | float | None) -> ConfigurationError:
    """Return the error with the sentence *code*, which says why *setting* cannot be used."""
    return ConfigurationError(say(code, _TEXTS[code], setting=setting, **values))


_TEXTS = {
    "setting_whole_number": "Setting {setting} must be a whole number from {at_least} to {at_most}, not '{given}'.",
    "setting_number": "Setting {setting} must be a number from {at_least:g} to {at_most:g}, not '{given}'.",
    "setting_schedule": "Setting {setting} {problem}, not '{given}'.",
    "setting_container": (
        "Setting {setting} must be the name of a blob container: 3 to 63 lower-case letters, digits and single hyphens "
        "between them, not '{given}'."
    ),
    "setting_secret_prefix": (
        "Setting {setting} must be the beginning of names of secrets: 1 to 63 letters (a to z), digits and hyphens, "
        "not '{given}'."
    ),
    "setting_address": (
        "Setting {setting} must be an https address, without a user, a query or a fragment: "
        "for example https://name.example.com."
    ),
    "setting_address_or_loopback": (
        "Setting {setting} must be an https address (http only on this machine), without a user, a query or a "
        "fragment: for example https://name.example.com."
    ),
    "setting_name": (
        "Setting {setting} must be the name of another setting, which holds the connection, for example "
        "SEGMENTS_ACCOUNT; it must not be the connection itself."
    ),
    "setting_storage_missing": (
        "Setting {setting} is missing: give it a connection string, or give {setting}__accountName the name of a "
        "storage account that the app's identity may use."
    ),
    "setting_storage_account": (
        "Setting {setting} must be the name of a storage account: 3 to 24 lower-case letters and digits; for another "
        "address use __blobServiceUri."
    ),
    "setting_auth_mode": "Setting {setting} must be one of {modes}, not '{given}'.",
    "setting_auth_off": (
        "Setting {setting} is 'entra', but App Service Authentication is turned off, so nobody checks who is asking: "
        "turn it on and set APP_SERVICE_AUTHENTICATION to 'true', or set {setting} to 'keys'."
    ),
    "setting_connection_string": (
        "Setting {setting} is not a connection string of a storage account; copy it from the account's access keys. It "
        "looks like 'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…'."
    ),
    "setting_account_key": (
        "The connection string in setting {setting} has no AccountKey, or a damaged one; copy it again from the "
        "account's access keys."
    ),
}
