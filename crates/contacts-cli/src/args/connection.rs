use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Deserializer, de};

/// The server, the API key, and the way to the server. Also the settings of a profile.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[command(next_help_heading = "Connection")]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Connection {
    /// Use an embedded sandbox with a demo account instead of DigiCert; needs no API key
    #[arg(long, conflicts_with_all = ["profile", "region", "base_url"])]
    #[arg(conflicts_with_all = ["api_key_file", "api_key_command"])]
    #[serde(skip)]
    pub(crate) sandbox: bool,

    /// Use the settings of this profile in the configuration file for options that are not given;
    /// default: `DIGICERT_PROFILE`, or the profile `default` if there is one
    #[arg(long, value_name = "NAME")]
    #[serde(skip)]
    pub(crate) profile: Option<String>,

    /// File with the API key, or - for standard input; default: the environment variable
    /// `DIGICERT_API_KEY`
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// Shell command that prints the API key, such as that of a password manager
    #[arg(long, value_name = "COMMAND", conflicts_with = "api_key_file")]
    pub(crate) api_key_command: Option<String>,

    /// CertCentral region; default: `DIGICERT_REGION`, or us
    #[arg(long, value_enum)]
    pub(crate) region: Option<Region>,

    /// Base URL of the API, such as that of `digicert-contacts sandbox`; default: `DIGICERT_BASE_URL`
    #[arg(long, alias = "url", value_name = "URL", conflicts_with = "region")]
    pub(crate) base_url: Option<String>,

    /// Send at most COUNT requests in any SECONDS; replaces DigiCert's limits of 100/5 and 1000/180;
    /// can be repeated. Use a lower limit to leave requests for other users of the key. `off` is
    /// only for servers on this machine
    #[arg(long = "rate-limit", value_name = "COUNT/SECONDS")]
    #[arg(hide_short_help = true)]
    pub(crate) rate_limits: Vec<RateLimit>,

    /// Share the rate limit with other processes on this machine that use the same file and the
    /// same limits; needs a local file system
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) rate_limit_file: Option<PathBuf>,

    /// Share the rate limit with other machines through Redis or Valkey, such as
    /// `rediss://redis.example.com:6379/0`; default: the environment variable
    /// `DIGICERT_RATE_LIMIT_URL`, except with --sandbox. Put a password there or into a file: other users
    /// of this machine can see command lines
    #[arg(long, value_name = "URL", hide_short_help = true)]
    #[arg(conflicts_with = "rate_limit_file")]
    pub(crate) rate_limit_url: Option<String>,

    /// File with the URL of --rate-limit-url, or - for standard input
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    #[arg(conflicts_with_all = ["rate_limit_file", "rate_limit_url"])]
    pub(crate) rate_limit_url_file: Option<PathBuf>,

    /// Seconds that one attempt of a request may take, from resolving the host to the end of the
    /// response [default: 45]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, hide_short_help = true)]
    #[serde(deserialize_with = "duration")]
    pub(crate) timeout: Option<Duration>,

    /// Seconds that resolving the host may take, and that connecting may take afterwards, within
    /// --timeout [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, hide_short_help = true)]
    #[serde(deserialize_with = "duration")]
    pub(crate) connect_timeout: Option<Duration>,

    /// Proxy to use instead of `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; `direct` uses none. Put a
    /// password in the environment: other users of this machine can see command lines
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub(crate) proxy: Option<String>,

    /// PEM file with the CA certificates to trust, instead of those of the platform or of
    /// `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`
    #[arg(long, value_name = "FILE", hide_short_help = true, alias = "cacert")]
    pub(crate) ca_bundle: Option<PathBuf>,

    /// PEM file with the client certificate chain, for servers that require one
    #[arg(long, value_name = "FILE", requires = "client_key")]
    #[arg(hide_short_help = true)]
    pub(crate) client_cert: Option<PathBuf>,

    /// PEM file with the private key of --client-cert
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    #[arg(hide_short_help = true)]
    pub(crate) client_key: Option<PathBuf>,
}

impl Connection {
    /// The options that connect to the same server in the same way. Replaces a proxy URL that has a
    /// password: the command line is printed and may end up in a log.
    pub(crate) fn options(&self) -> Vec<(&'static str, Option<String>)> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let mut proxy = self.proxy.clone();
        if proxy.as_ref().is_some_and(|url| url.contains('@')) {
            proxy = Some("PROXY".to_owned());
        }
        let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64().to_string());
        let region = self.region.and_then(|region| region.to_possible_value());
        let region = region.map(|region| region.get_name().to_owned());
        let mut options = Vec::new();
        if self.sandbox {
            options.push(("--sandbox", None));
        }
        let limits = self.rate_limits.iter().map(ToString::to_string);
        options.extend(limits.map(|limit| ("--rate-limit", Some(limit))));
        for (option, value) in [
            ("--profile", self.profile.clone()),
            ("--region", region),
            ("--base-url", self.base_url.clone()),
            ("--api-key-file", path(&self.api_key_file)),
            ("--api-key-command", self.api_key_command.clone()),
            ("--rate-limit-file", path(&self.rate_limit_file)),
            ("--rate-limit-url", self.rate_limit_url.clone()),
            ("--rate-limit-url-file", path(&self.rate_limit_url_file)),
            ("--timeout", seconds(self.timeout)),
            ("--connect-timeout", seconds(self.connect_timeout)),
            ("--proxy", proxy),
            ("--ca-bundle", path(&self.ca_bundle)),
            ("--client-cert", path(&self.client_cert)),
            ("--client-key", path(&self.client_key)),
        ] {
            options.extend(value.map(|value| (option, Some(value))));
        }
        options
    }
}

impl Connection {
    const fn shares_limit(&self) -> bool {
        self.rate_limit_file.is_some()
            || self.rate_limit_url.is_some()
            || self.rate_limit_url_file.is_some()
    }

    /// For a limit that the environment names.
    pub(crate) fn clear_shared_limit(&mut self) {
        (
            self.rate_limit_file,
            self.rate_limit_url,
            self.rate_limit_url_file,
        ) = (None, None, None);
    }

    /// Adds the settings of `other` that are not set here.
    pub(crate) fn or(self, other: Self) -> Self {
        let (rate_limit_file, rate_limit_url, rate_limit_url_file) = if self.shares_limit() {
            (
                self.rate_limit_file,
                self.rate_limit_url,
                self.rate_limit_url_file,
            )
        } else {
            (
                other.rate_limit_file,
                other.rate_limit_url,
                other.rate_limit_url_file,
            )
        };
        let has_server = self.region.is_some() || self.base_url.is_some();
        let (region, base_url) = if has_server {
            (self.region, self.base_url)
        } else {
            (other.region, other.base_url)
        };
        let has_key = self.api_key_file.is_some() || self.api_key_command.is_some();
        let (api_key_file, api_key_command) = if has_key {
            (self.api_key_file, self.api_key_command)
        } else {
            (other.api_key_file, other.api_key_command)
        };
        let has_limits = !self.rate_limits.is_empty();
        Self {
            sandbox: self.sandbox,
            profile: self.profile,
            api_key_file,
            api_key_command,
            region,
            base_url,
            rate_limits: if has_limits {
                self.rate_limits
            } else {
                other.rate_limits
            },
            rate_limit_file,
            rate_limit_url,
            rate_limit_url_file,
            timeout: self.timeout.or(other.timeout),
            connect_timeout: self.connect_timeout.or(other.connect_timeout),
            proxy: self.proxy.or(other.proxy),
            ca_bundle: self.ca_bundle.or(other.ca_bundle),
            client_cert: self.client_cert.or(other.client_cert),
            client_key: self.client_key.or(other.client_key),
        }
    }

    /// Makes relative paths relative to `folder`, and those below `~` to `home`.
    pub(crate) fn set_folder(&mut self, folder: &Path, home: Option<&Path>) {
        for path in [
            &mut self.api_key_file,
            &mut self.rate_limit_file,
            &mut self.rate_limit_url_file,
            &mut self.ca_bundle,
            &mut self.client_cert,
            &mut self.client_key,
        ] {
            *path = path
                .take()
                .map(|path| match (path.strip_prefix("~"), home) {
                    (Ok(below), Some(home)) => home.join(below),
                    _ => folder.join(path),
                });
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Region {
    Us,
    Eu,
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let number = f64::deserialize(deserializer).unwrap_or_default();
    let duration = seconds(&number.to_string());
    duration.map(Some).map_err(de::Error::custom)
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text
        .parse()
        .ok()
        .and_then(|time| Duration::try_from_secs_f64(time).ok());
    let seconds = seconds.filter(|time| !time.is_zero());
    seconds.ok_or("expected a positive number of seconds, such as 45")
}

/// A rolling window of the rate limit, or none.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum RateLimit {
    Off,
    Window(u32, Duration),
}

impl RateLimit {
    /// The windows of all options; `None` if one of them is `off`.
    pub(crate) fn windows(limits: &[Self]) -> Option<impl Iterator<Item = (u32, Duration)>> {
        let windows = limits.iter().map(|limit| match *limit {
            Self::Off => None,
            Self::Window(count, window) => Some((count, window)),
        });
        windows.collect::<Option<Vec<_>>>().map(Vec::into_iter)
    }
}

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let window = || {
            let (count, seconds) = text.split_once('/')?;
            let seconds: f64 = seconds.parse().ok()?;
            let in_range = (0.001..=86_400.0).contains(&seconds);
            let window = in_range.then(|| Duration::from_secs_f64(seconds))?;
            Some(Self::Window(count.parse().ok()?, window))
        };
        window().ok_or("expected `off` or COUNT/SECONDS, such as 100/5")
    }
}

impl TryFrom<String> for RateLimit {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Window(count, window) => write!(f, "{count}/{}", window.as_secs_f64()),
        }
    }
}
