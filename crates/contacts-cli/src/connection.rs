//! From the command line to a client.

use std::path::Path;

use contacts_bulk::AccountIdentity;
use contacts_http::{ApiKey, BaseUrl, Builder, Client, Proxy, RateLimit as HttpRateLimit};
use contacts_sandbox::Sandbox;

use crate::abort::Abort;
use crate::args::{Connection, RateLimit, Region};
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;

/// The address of every embedded sandbox; its real one changes from run to run.
const EMBEDDED: &str = "the embedded sandbox";
const KEY_VARIABLE: &str = "DIGICERT_API_KEY";
/// No key is nearly as long; a wrong file may be.
const MAX_KEY_FILE: usize = 4096;

/// A client, and the sandbox that it talks to, if it does; the sandbox stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) client: Client,
    /// Whose orders they are, as plans and journals know it.
    pub(crate) account: AccountIdentity,
    _sandbox: Option<Sandbox>,
}

pub(crate) fn open(args: &Connection, io: &mut Io<'_>, stop: &Stop) -> Result<Connected, Abort> {
    let mut sandbox = None;
    let (key, base_url, name) = if args.sandbox {
        let started = sandbox.insert(start_sandbox(0)?);
        let base_url = base_url(&started.base_url())?;
        (started.api_key().to_owned(), base_url, EMBEDDED.to_owned())
    } else {
        let base_url = address(args)?;
        let name = base_url.to_string();
        (key(args, io, stop)?, base_url, name)
    };
    let account = AccountIdentity::new(name, &key);
    let stop = stop.clone();
    let client = Client::builder(api_key(&key)?)
        .rate_limits(rate_limits(&args.rate_limits, &base_url)?)
        .base_url(base_url)
        .cancelled(move || stop.requested());
    let client = way(client, args)?
        .build()
        .map_err(|error| Abort::usage(error.to_string()))?;
    Ok(Connected {
        client,
        account,
        _sandbox: sandbox,
    })
}

/// The settings of the way to the server.
fn way(mut client: Builder, args: &Connection) -> Result<Builder, Abort> {
    if let Some(file) = &args.rate_limit_file {
        client = client.rate_limit_file(file);
    }
    if let Some(url) = &args.proxy {
        client = client.proxy(if url == "direct" {
            Proxy::direct()
        } else {
            Proxy::parse(url).map_err(|error| Abort::usage(error.to_string()))?
        });
    }
    if let Some(file) = &args.ca_bundle {
        client = client.ca_bundle(file);
    }
    if let (Some(chain), Some(key)) = (&args.client_cert, &args.client_key) {
        client = client.client_certificate(chain, key);
    }
    Ok(client)
}

/// Without a limit nothing but a server on this machine may be asked: over DigiCert's, the key would
/// be shut out, and with it whoever else uses it.
fn rate_limits(given: &[RateLimit], base_url: &BaseUrl) -> Result<Vec<HttpRateLimit>, Abort> {
    if given.is_empty() {
        return Ok(HttpRateLimit::DIGICERT.to_vec());
    }
    let windows: Option<Vec<_>> = given
        .iter()
        .map(|limit| match limit {
            RateLimit::Off => None,
            RateLimit::Window(count, window) => Some(HttpRateLimit::new(*count, *window)),
        })
        .collect();
    match windows {
        Some(windows) => Ok(windows),
        None if base_url.is_loopback() => Ok(Vec::new()),
        None => Err(Abort::usage(
            "--rate-limit off is for a server on this machine only",
        )),
    }
}

pub(crate) fn start_sandbox(port: u16) -> Result<Sandbox, Abort> {
    let address = ([127, 0, 0, 1], port).into();
    let started = Sandbox::builder().address(address).start();
    started.map_err(|error| {
        let message = format!("the sandbox can't listen on 127.0.0.1:{port}: {error}");
        Abort::new(Exit::Failed, message)
    })
}

fn address(args: &Connection) -> Result<BaseUrl, Abort> {
    match (&args.base_url, args.region) {
        (Some(url), _) => base_url(url),
        (None, Region::Us) => Ok(BaseUrl::us()),
        (None, Region::Eu) => Ok(BaseUrl::eu()),
    }
}

fn base_url(url: &str) -> Result<BaseUrl, Abort> {
    BaseUrl::parse(url).map_err(|error| Abort::usage(error.to_string()))
}

fn key(args: &Connection, io: &mut Io<'_>, stop: &Stop) -> Result<String, Abort> {
    match &args.api_key_file {
        Some(file) => read_key(file, io, stop),
        None => io.environment(KEY_VARIABLE).ok_or_else(|| {
            Abort::usage(format!(
                "no API key: set {KEY_VARIABLE}, or name a file with --api-key-file; \
                 to try without a key, use --sandbox"
            ))
        }),
    }
}

fn api_key(text: &str) -> Result<ApiKey, Abort> {
    ApiKey::parse(text).map_err(|error| Abort::usage(error.to_string()))
}

/// The text of a key file without the line break at its end.
fn read_key(file: &Path, io: &mut Io<'_>, stop: &Stop) -> Result<String, Abort> {
    let name = source::name(file);
    let unusable = |why: &dyn std::fmt::Display| {
        Abort::usage(format!("the API key can't be read from `{name}`: {why}"))
    };
    let bytes = source::read(file, io, stop)?.map_err(|error| unusable(&error))?;
    if bytes.len() > MAX_KEY_FILE {
        return Err(unusable(&"it is too long for a key; is it the right file?"));
    }
    let text = String::from_utf8(bytes).map_err(|_| unusable(&"it is not text"))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
