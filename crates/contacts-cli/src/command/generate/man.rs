use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use contacts_core::printable;

use crate::args::{Args, Man};
use crate::command::generate::print;
use crate::command::new_file::write_error;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};

pub(crate) fn man(args: &Man, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    match (&args.output_dir, &args.command) {
        (Some(folder), _) => write_all(&command, folder, session),
        (None, None) => print(&page(&command, None)?, session),
        (None, Some(name)) => print(&page(subcommand(&command, name)?, Some(&command))?, session),
    }
}

/// Writes a page for the program and one for each command.
fn write_all(
    command: &Command,
    folder: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Exit, CommandError> {
    let write = |name: &str, page: &str| {
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page).map_err(|error| write_error(&path, &error))
    };
    fs::create_dir_all(folder).map_err(|error| write_error(folder, &error))?;
    write(command.get_name(), &page(command, None)?)?;
    let commands: Vec<_> = command.get_subcommands().collect();
    for subcommand in &commands {
        let name = format!("{}-{}", command.get_name(), subcommand.get_name());
        write(&name, &page(subcommand, Some(command))?)?;
    }
    let text = format!("{}: {} pages\n", session::name(folder), commands.len() + 1);
    print(&text, session)
}

/// The page of a command; that of a subcommand refers to the page of the program.
fn page(command: &Command, program: Option<&Command>) -> Result<String, CommandError> {
    let name = program.unwrap_or(command).get_name();
    let see_also = program.map(|_| format!(".SH \"SEE ALSO\"\n.BR {name} (1)\n"));
    let mut page = Vec::new();
    clap_mangen::Man::new(page_command(command.clone()))
        // roff would take an empty date for an absent one, and the source for the date.
        .date(" ")
        .source(format!("{name} {}", env!("CARGO_PKG_VERSION")))
        // With `User Commands`, the header of `completions` is wider than 80 columns.
        .manual("Commands")
        .render(&mut page)
        .map_err(|error| CommandError::failed(error.to_string()))?;
    let page = reformat(&String::from_utf8_lossy(&page));
    Ok(page + &see_also.unwrap_or_default())
}

fn subcommand<'a>(command: &'a Command, name: &str) -> Result<&'a Command, CommandError> {
    command.find_subcommand(name).ok_or_else(|| {
        let names = command.get_subcommands().map(Command::get_name);
        let (name, names) = (printable(name), names.collect::<Vec<_>>().join(", "));
        CommandError::usage(format!(
            "unknown command `{name}`; the commands are {names}"
        ))
    })
}

/// The command with what only a manual page shows: the options that `-h` leaves out, and the usage of
/// `--help` in place of a list of all options without their values.
fn page_command(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    command
        .mut_args(|arg| arg.hide_short_help(false))
        .override_usage(usage)
}

/// Keeps the lines of indented text, which `man` would fill, and makes sections of the headings
/// after the options.
fn reformat(page: &str) -> String {
    let mut text = String::new();
    let (mut is_indented, mut after_options) = (false, false);
    for line in page.lines() {
        if line.starts_with(' ') != is_indented {
            is_indented = !is_indented;
            text += if is_indented { ".nf\n" } else { ".fi\n" };
        }
        if line.starts_with(".SH ") {
            after_options = line == ".SH EXTRA";
        }
        match line.strip_suffix(':') {
            _ if line == ".SH EXTRA" => {}
            Some(heading) if after_options && !is_indented => {
                let _ = writeln!(text, ".SH \"{}\"", heading.to_uppercase());
            }
            _ => {
                text += line;
                text.push('\n');
            }
        }
    }
    if is_indented {
        text += ".fi\n";
    }
    text
}
