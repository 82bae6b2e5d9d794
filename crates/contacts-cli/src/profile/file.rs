//! The file with the profiles: TOML, one table for each profile.
//!
//! Errors name settings, never their values: a key may have ended up in the wrong place.

use std::collections::BTreeMap;

use contacts_core::printable;
use serde::Deserialize;
use toml::{Table, Value};

use crate::args::Connection;

const NO_KEY: &str =
    "; the API key does not belong in this file: use `api_key_file` or `api_key_command`";

/// The profiles by their names. The error says where the file is wrong.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, Connection>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let table: Table = toml::from_str(text).map_err(|error| syntax(text, &error))?;
    let profiles = table.into_iter().map(|(name, settings)| {
        let shown = printable(&name);
        let Value::Table(settings) = settings else {
            let reason = "belongs in a profile, such as below a line `[default]`";
            return Err(format!("`{shown}` {reason}{}", hint(&name)));
        };
        let profile = profile(&settings);
        let profile = profile.map_err(|reason| format!("profile `{shown}`: {reason}"))?;
        Ok((name, profile))
    });
    profiles.collect()
}

fn syntax(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.unwrap_or_default().matches('\n').count() + 1;
    // Other messages can hold a part of the line.
    format!("line {line} is not valid TOML, such as `region = \"eu\"`")
}

fn profile(settings: &Table) -> Result<Connection, String> {
    let mut profile = Connection::default();
    for (name, value) in settings {
        let setting = Table::from_iter([(name.clone(), value.clone())]);
        let setting =
            Connection::deserialize(setting).map_err(|error| wrong(name, error.message()))?;
        profile = profile.or(setting);
    }
    for (one, other) in [
        ("region", "base_url"),
        ("api_key_file", "api_key_command"),
        ("rate_limit_file", "rate_limit_url"),
        ("rate_limit_file", "rate_limit_url_file"),
        ("rate_limit_url", "rate_limit_url_file"),
    ] {
        if settings.contains_key(one) && settings.contains_key(other) {
            return Err(format!("`{one}` and `{other}` exclude each other"));
        }
    }
    Ok(profile)
}

/// What is wrong with a setting. The message of serde starts with the value and ends with what is
/// expected.
fn wrong(name: &str, message: &str) -> String {
    let expected = message.rsplit_once("expected ");
    let expected = expected.map_or("another value", |(_, expected)| expected);
    match hint(name) {
        hint if hint.is_empty() || !message.starts_with("unknown field") => {
            format!("`{}`: expected {expected}", printable(name))
        }
        hint => format!("unknown setting `{}`{hint}", printable(name)),
    }
}

fn hint(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let is_secret = ["key", "token", "secret", "password"]
        .iter()
        .any(|word| name.contains(word));
    if is_secret { NO_KEY } else { "" }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn errors_name_the_setting_and_never_its_value() {
        let wrong = [
            "api_key = \"Marker-4711\"",
            "[default]\napi_key = \"Marker-4711\"",
            "[default]\napikey = Marker-4711",
            "[default]\nX-DC-DEVKEY = \"Marker-4711\"",
            "[default]\nregion = \"Marker-4711\"",
            "[default]\ntimeout = \"Marker-4711, expected 4711\"",
            "[default]\ntimeout = -1",
            "[default]\nrate_limits = [\"Marker-4711\"]",
            "[default]\nrate_limits = \"50/5\"",
            "[default]\nsandbox = true",
            "[default]\nregion = \"eu\"\nbase_url = \"https://example.com\"",
            "[default]\nregoin = \"eu\"",
            "[default",
        ];
        let errors = wrong.map(|text| parse(text).unwrap_err()).join("\n");
        assert!(!errors.contains("4711"), "{errors}");
        insta::assert_snapshot!(errors, @r#"
        `api_key` belongs in a profile, such as below a line `[default]`; the API key does not belong in this file: use `api_key_file` or `api_key_command`
        profile `default`: unknown setting `api_key`; the API key does not belong in this file: use `api_key_file` or `api_key_command`
        line 2 is not valid TOML, such as `region = "eu"`
        profile `default`: unknown setting `X-DC-DEVKEY`; the API key does not belong in this file: use `api_key_file` or `api_key_command`
        profile `default`: `region`: expected `us` or `eu`
        profile `default`: `timeout`: expected a positive number of seconds, such as 45
        profile `default`: `timeout`: expected a positive number of seconds, such as 45
        profile `default`: `rate_limits`: expected `off` or COUNT/SECONDS, such as 100/5
        profile `default`: `rate_limits`: expected a sequence
        profile `default`: `sandbox`: expected one of `api_key_file`, `api_key_command`, `region`, `base_url`, `rate_limits`, `rate_limit_file`, `rate_limit_url`, `rate_limit_url_file`, `timeout`, `connect_timeout`, `proxy`, `ca_bundle`, `client_cert`, `client_key`
        profile `default`: `region` and `base_url` exclude each other
        profile `default`: `regoin`: expected one of `api_key_file`, `api_key_command`, `region`, `base_url`, `rate_limits`, `rate_limit_file`, `rate_limit_url`, `rate_limit_url_file`, `timeout`, `connect_timeout`, `proxy`, `ca_bundle`, `client_cert`, `client_key`
        line 1 is not valid TOML, such as `region = "eu"`
        "#);
    }
}
