use std::path::PathBuf;

use clap::ValueEnum;

use super::RateLimit;

/// Where the API is, with which key, and how it is reached.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Work on an embedded sandbox with a demo account instead of DigiCert; needs no key
    #[arg(long, conflicts_with_all = ["region", "base_url", "api_key_file"])]
    pub(crate) sandbox: bool,

    /// File with the API key, or - for standard input; without it, the environment variable
    /// `DIGICERT_API_KEY` is used
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// DigiCert's platform: CertCentral in the US or in Europe
    #[arg(long, value_enum, default_value_t)]
    pub(crate) region: Region,

    /// Another address of the API, such as that of `digicert-contacts sandbox`
    #[arg(long, value_name = "URL", conflicts_with = "region")]
    pub(crate) base_url: Option<String>,

    /// Send so many requests in so many seconds at most, instead of DigiCert's 100/5 and 1000/180;
    /// may be given several times. A part of the limit leaves the rest to others who use the key;
    /// `off` is for loopback only
    #[arg(
        long = "rate-limit",
        value_name = "COUNT/SECONDS",
        hide_short_help = true
    )]
    pub(crate) rate_limits: Vec<RateLimit>,

    /// Share the rate limit with other processes of this machine that name the same file and the
    /// same limits; a local disk is needed
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) rate_limit_file: Option<PathBuf>,

    /// Proxy, instead of what `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say; `direct` is none. A
    /// password is safer in the environment, where others on this machine can't read it
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub(crate) proxy: Option<String>,

    /// PEM file with the certificates to trust, instead of the platform's or those of
    /// `SSL_CERT_FILE`
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) ca_bundle: Option<PathBuf>,

    /// PEM file with the certificate chain to show to a server that asks for one
    #[arg(
        long,
        value_name = "FILE",
        requires = "client_key",
        hide_short_help = true
    )]
    pub(crate) client_cert: Option<PathBuf>,

    /// PEM file with the private key of --client-cert
    #[arg(
        long,
        value_name = "FILE",
        requires = "client_cert",
        hide_short_help = true
    )]
    pub(crate) client_key: Option<PathBuf>,
}

impl Connection {
    /// The options that reach the same server in the same way. A proxy with a password is named, but
    /// not told: the command line would be kept in a log.
    pub(crate) fn options(&self) -> Vec<(&'static str, Option<String>)> {
        let path = |path: &PathBuf| path.display().to_string();
        let mut options = Vec::new();
        if self.sandbox {
            options.push(("--sandbox", None));
        }
        if matches!(self.region, Region::Eu) {
            options.push(("--region", Some("eu".to_owned())));
        }
        let limits = self.rate_limits.iter().map(ToString::to_string);
        options.extend(limits.map(|limit| ("--rate-limit", Some(limit))));
        let proxy = self.proxy.as_ref().map(|url| {
            if url.contains('@') {
                "PROXY"
            } else {
                url.as_str()
            }
        });
        for (option, value) in [
            ("--base-url", self.base_url.clone()),
            ("--api-key-file", self.api_key_file.as_ref().map(path)),
            ("--rate-limit-file", self.rate_limit_file.as_ref().map(path)),
            ("--proxy", proxy.map(str::to_owned)),
            ("--ca-bundle", self.ca_bundle.as_ref().map(path)),
            ("--client-cert", self.client_cert.as_ref().map(path)),
            ("--client-key", self.client_key.as_ref().map(path)),
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
