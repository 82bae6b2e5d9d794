//! Connects to the API as the command line, the environment and the profile say.

mod key_command;

use std::path::Path;

use contacts_bulk::AccountIdentity;
use contacts_http::{ApiKey, BaseUrl, Builder, Client, Proxy, RateLimit as HttpRateLimit};
use contacts_sandbox::Sandbox;
use log::info;

use crate::args::{Connection, RateLimit, Region};
use crate::error::CommandError;
use crate::profile;
use crate::session::{self, Session};

/// The base URL of every embedded sandbox in plans and journals; its port differs from run to run.
const EMBEDDED: &str = "the embedded sandbox";
pub(crate) const KEY_VARIABLE: &str = "DIGICERT_API_KEY";
pub(crate) const STORE_VARIABLE: &str = "DIGICERT_RATE_LIMIT_URL";
/// No key or URL is nearly as long; a wrong file may be.
const MAX_SECRET_FILE: usize = 4096;

/// A client and, with `--sandbox`, its server, which stops when this value is dropped.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) client: Client,
    pub(crate) account: AccountIdentity,
    /// The limits of the client; empty without a limit.
    pub(crate) rate_limits: Vec<HttpRateLimit>,
    _sandbox: Option<Sandbox>,
}

pub(crate) fn open(
    args: &Connection,
    session: &mut Session<'_, '_>,
) -> Result<Connected, CommandError> {
    let args = &profile::resolve(args, session)?;
    let mut sandbox = None;
    let (key, base_url) = if args.sandbox {
        let started = sandbox.insert(start_sandbox(0)?);
        let url = BaseUrl::parse(&started.base_url()).map_err(CommandError::usage)?;
        (started.api_key().to_owned(), url)
    } else {
        let key = key(args, session)?;
        (key, remote_url(args)?)
    };
    info!("server {base_url}, API key from {}", key_source(args));
    let cancel = session.cancel.clone();
    let api_key = ApiKey::parse(key.as_str()).map_err(CommandError::usage)?;
    let rate_limits = rate_limits(&args.rate_limits, &base_url)?;
    let builder = Client::builder(api_key)
        .rate_limits(rate_limits.clone())
        .base_url(base_url)
        .cancelled(move || cancel.is_cancelled());
    let builder = shared_limit(transport(builder, args)?, args, session)?;
    let client = builder.build().map_err(CommandError::usage)?;
    let account = if sandbox.is_some() {
        AccountIdentity::new(EMBEDDED, &key)
    } else {
        AccountIdentity::from(&client)
    };
    Ok(Connected {
        client,
        account,
        rate_limits,
        _sandbox: sandbox,
    })
}

fn remote_url(args: &Connection) -> Result<BaseUrl, CommandError> {
    match (&args.base_url, args.region) {
        (Some(url), _) => BaseUrl::parse(url).map_err(CommandError::usage),
        (None, None | Some(Region::Us)) => Ok(BaseUrl::us()),
        (None, Some(Region::Eu)) => Ok(BaseUrl::eu()),
    }
}

/// The base URL and the limits of a plan that takes no request.
pub(crate) fn offline(
    args: &Connection,
    session: &Session<'_, '_>,
) -> Result<(String, Vec<HttpRateLimit>), CommandError> {
    let args = &profile::resolve(args, session)?;
    if args.sandbox {
        return Ok((EMBEDDED.to_owned(), HttpRateLimit::DIGICERT.to_vec()));
    }
    let url = remote_url(args)?;
    let limits = rate_limits(&args.rate_limits, &url)?;
    Ok((url.to_string(), limits))
}

/// Applies the options for timeouts, proxy, TLS and the shared rate limit.
fn transport(mut builder: Builder, args: &Connection) -> Result<Builder, CommandError> {
    if let Some(file) = &args.rate_limit_file {
        builder = builder.rate_limit_file(file);
    }
    if let Some(timeout) = args.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(timeout) = args.connect_timeout {
        builder = builder.connect_timeout(timeout);
    }
    if let Some(url) = &args.proxy {
        builder = builder.proxy(match url.as_str() {
            "direct" => Proxy::direct(),
            url => Proxy::parse(url).map_err(CommandError::usage)?,
        });
    }
    if let Some(file) = &args.ca_bundle {
        builder = builder.ca_bundle(file);
    }
    if let (Some(chain), Some(key)) = (&args.client_cert, &args.client_key) {
        builder = builder.client_certificate(chain, key);
    }
    Ok(builder)
}

/// Applies the URL of a shared rate limit. An embedded sandbox has its own limit, whatever the environment
/// says.
fn shared_limit(
    builder: Builder,
    args: &Connection,
    session: &mut Session<'_, '_>,
) -> Result<Builder, CommandError> {
    let url = match (&args.rate_limit_url, &args.rate_limit_url_file) {
        (Some(url), _) if url.contains(['@', '?']) => {
            return Err(CommandError::usage(format!(
                "--rate-limit-url takes no password, since other users of this machine can see command \
                 lines: set {STORE_VARIABLE}, or name a file with --rate-limit-url-file"
            )));
        }
        (Some(url), _) => Some(url.clone()),
        (None, Some(file)) => Some(read_secret("rate limit URL", file, session)?),
        (None, None) if args.sandbox || args.rate_limit_file.is_some() => None,
        (None, None) => session.io.environment(STORE_VARIABLE),
    };
    Ok(match url.filter(|url| !url.is_empty()) {
        Some(url) => builder.rate_limit_url(url),
        None => builder,
    })
}

/// Only a server on this machine can go without a limit: DigiCert would lock out the key, and with
/// it every other user of the key.
fn rate_limits(
    limits: &[RateLimit],
    base_url: &BaseUrl,
) -> Result<Vec<HttpRateLimit>, CommandError> {
    if limits.is_empty() {
        return Ok(HttpRateLimit::DIGICERT.to_vec());
    }
    match RateLimit::windows(limits) {
        Some(windows) => Ok(windows
            .map(|(count, window)| HttpRateLimit::new(count, window))
            .collect()),
        None if base_url.is_loopback() => Ok(Vec::new()),
        None => Err(CommandError::usage(
            "--rate-limit off is only for a server on this machine",
        )),
    }
}

pub(crate) fn start_sandbox(port: u16) -> Result<Sandbox, CommandError> {
    let started = Sandbox::builder()
        .address(([127, 0, 0, 1], port).into())
        .start();
    started.map_err(|error| {
        CommandError::failed(format!(
            "the sandbox cannot listen on 127.0.0.1:{port}: {error}"
        ))
    })
}

/// Where [`key`] reads the key.
const fn key_source(args: &Connection) -> &'static str {
    match (&args.api_key_file, &args.api_key_command) {
        _ if args.sandbox => "the sandbox",
        (Some(_), _) => "a file",
        (None, Some(_)) => "a command",
        (None, None) => KEY_VARIABLE,
    }
}

fn key(args: &Connection, session: &mut Session<'_, '_>) -> Result<String, CommandError> {
    match (&args.api_key_file, &args.api_key_command) {
        (Some(file), _) => read_secret("API key", file, session),
        (None, Some(command)) => key_command::run(command, session),
        (None, None) => session.io.environment(KEY_VARIABLE).ok_or_else(|| {
            CommandError::usage(format!(
                "no API key: set {KEY_VARIABLE}, or name a file with --api-key-file; \
                 to try without a key, use --sandbox"
            ))
        }),
    }
}

/// Reads a file with the key or a URL, without the line break at its end.
fn read_secret(
    what: &str,
    file: &Path,
    session: &mut Session<'_, '_>,
) -> Result<String, CommandError> {
    let name = session::name(file);
    let invalid = |reason: &dyn std::fmt::Display| {
        CommandError::usage(format!("cannot read the {what} from `{name}`: {reason}"))
    };
    let bytes = session.read(file)?.map_err(|error| invalid(&error))?;
    if bytes.len() > MAX_SECRET_FILE {
        return Err(invalid(&"the file is too long; check the file name"));
    }
    let text = String::from_utf8(bytes).map_err(|_| invalid(&"the file is not text"))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
