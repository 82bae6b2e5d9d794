use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

/// The server, the API key, and the way to the server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Use an embedded sandbox with a demo account instead of DigiCert; needs no API key
    #[arg(long, conflicts_with_all = ["region", "base_url", "api_key_file"])]
    pub(crate) sandbox: bool,

    /// File with the API key, or - for standard input; default: the environment variable
    /// `DIGICERT_API_KEY`
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// CertCentral region
    #[arg(long, value_enum, default_value_t)]
    pub(crate) region: Region,

    /// Base URL of the API, such as that of `digicert-contacts sandbox`
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

    /// Seconds that one attempt of a request may take, from resolving the host to the end of the
    /// response [default: 45]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, hide_short_help = true)]
    pub(crate) timeout: Option<Duration>,

    /// Seconds that resolving the host may take, and that connecting may take afterwards, within
    /// --timeout [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, hide_short_help = true)]
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
        let region = matches!(self.region, Region::Eu).then(|| "eu".to_owned());
        let mut options = Vec::new();
        if self.sandbox {
            options.push(("--sandbox", None));
        }
        let limits = self.rate_limits.iter().map(ToString::to_string);
        options.extend(limits.map(|limit| ("--rate-limit", Some(limit))));
        for (option, value) in [
            ("--region", region),
            ("--base-url", self.base_url.clone()),
            ("--api-key-file", path(&self.api_key_file)),
            ("--rate-limit-file", path(&self.rate_limit_file)),
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

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Region {
    #[default]
    Us,
    Eu,
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
#[derive(Clone, Copy, Debug)]
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

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Window(count, window) => write!(f, "{count}/{}", window.as_secs_f64()),
        }
    }
}
