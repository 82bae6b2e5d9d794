//! Profiles: named settings of a connection, in a file.

mod file;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use contacts_core::printable;
use contacts_http::BaseUrl;
use log::info;

use crate::args::Connection;
use crate::connection::{KEY_VARIABLE, STORE_VARIABLE};
use crate::error::CommandError;
use crate::session::{self, Session};

const FILE_VARIABLE: &str = "DIGICERT_CONFIG_FILE";
const PROFILE_VARIABLE: &str = "DIGICERT_PROFILE";
/// The profile that is used if none is named.
const DEFAULT: &str = "default";

/// The settings of a connection: the options, then the environment, then the profile. With
/// `--sandbox`, only the options.
pub(crate) fn resolve(
    args: &Connection,
    session: &Session<'_, '_>,
) -> Result<Connection, CommandError> {
    let mut settings = args.clone();
    if settings.sandbox {
        return Ok(settings);
    }
    let mut profile = read(args.profile.as_deref(), session)?;
    if session.io.environment(KEY_VARIABLE).is_some() {
        (profile.api_key_file, profile.api_key_command) = (None, None);
    }
    if variable(STORE_VARIABLE, session).is_some() {
        profile.clear_shared_limit();
    }
    if settings.base_url.is_none() && settings.region.is_none() {
        let url = BaseUrl::from_environment(|name| session.io.environment(name));
        let url = url.map_err(CommandError::usage)?;
        settings.base_url = url.map(|url| url.to_string());
    }
    Ok(settings.or(profile))
}

/// A variable that is neither absent nor empty.
fn variable(name: &str, session: &Session<'_, '_>) -> Option<String> {
    let value = session.io.environment(name);
    value.filter(|value| !value.is_empty())
}

/// The settings of a profile; none if no profile is named and there is no default one.
fn read(name: Option<&str>, session: &Session<'_, '_>) -> Result<Connection, CommandError> {
    let from_environment = variable(PROFILE_VARIABLE, session);
    let name = name.or(from_environment.as_deref());
    let (path, text) = read_file(session)?;
    let invalid =
        |reason: String| CommandError::usage(format!("`{}`: {reason}", session::name(&path)));
    let mut profiles = file::parse(&text).map_err(invalid)?;
    let profile = profiles.remove(name.unwrap_or(DEFAULT));
    match (profile, name) {
        (Some(mut profile), _) => {
            let name = name.unwrap_or(DEFAULT);
            info!("profile `{name}` of `{}`", path.display());
            profile.set_folder(
                path.parent().unwrap_or(Path::new("")),
                home(session).as_deref(),
            );
            Ok(profile)
        }
        (None, None) => Ok(Connection::default()),
        (None, Some(name)) => {
            let names: Vec<_> = profiles.into_keys().collect();
            Err(unknown(name, &names, &path))
        }
    }
}

/// The file with the profiles, and its text; empty if there is none.
fn read_file(session: &Session<'_, '_>) -> Result<(PathBuf, String), CommandError> {
    let named = variable(FILE_VARIABLE, session).map(PathBuf::from);
    let is_named = named.is_some();
    let Some(path) = named.or_else(|| session.io.config_file()) else {
        return Ok((PathBuf::new(), String::new()));
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path, text)),
        Err(error) if error.kind() == ErrorKind::NotFound && !is_named => Ok((path, String::new())),
        Err(error) => Err(CommandError::usage(format!(
            "cannot read `{}`: {error}",
            session::name(&path)
        ))),
    }
}

/// The folder that `~` stands for.
fn home(session: &Session<'_, '_>) -> Option<PathBuf> {
    let home = variable("HOME", session).or_else(|| variable("USERPROFILE", session));
    home.map(PathBuf::from)
}

fn unknown(name: &str, names: &[String], path: &Path) -> CommandError {
    let names = match names {
        [] => "no profile".to_owned(),
        names => names.join(", "),
    };
    let (name, path) = (printable(name), session::name(path));
    CommandError::usage(format!(
        "no profile `{name}`: `{path}` has {}",
        printable(&names)
    ))
}
