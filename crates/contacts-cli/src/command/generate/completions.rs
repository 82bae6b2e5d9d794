use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use crate::args::{Args, Completions};
use crate::command::generate::print;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn completions(
    args: Completions,
    session: &mut Session<'_, '_>,
) -> Result<Exit, CommandError> {
    let mut command = with_values(Args::command());
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, &name, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    match args.shell {
        Shell::Bash => script = bash(&script, &command),
        Shell::Fish => script += &fish(&command),
        // With two colons, zsh offers no options after the first file or order.
        Shell::Zsh => script = replace(&script, "'*::", "'*:"),
        _ => {}
    }
    print(&script, session)
}

/// Sets what can be completed: commands after `man`, files for paths, nothing for other text.
fn with_values(command: Command) -> Command {
    let names = command.get_subcommands().map(Command::get_name);
    let names = PossibleValuesParser::new(names.map(str::to_owned).collect::<Vec<_>>());
    let hint = |arg: Arg| match arg.get_value_hint() {
        _ if !arg.get_action().takes_values() => arg,
        ValueHint::AnyPath => arg.value_hint(ValueHint::FilePath),
        _ if arg.get_possible_values().is_empty() => arg.value_hint(ValueHint::Other),
        _ => arg,
    };
    command
        .mut_subcommand("man", |man| {
            man.mut_arg("command", |arg| arg.value_parser(names))
        })
        .mut_subcommands(|command| command.mut_args(hint))
}

/// Corrects the script for bash.
fn bash(script: &str, command: &Command) -> String {
    let name = command.get_name();
    // clap_complete replaces a dash in the name of a command in two ways, so no state has a label.
    let state = |dash| format!("{}__subcmd__", name.replace('-', dash));
    let script = replace(script, &state("__subcmd__"), &state("__"));
    // Bash splits `--region=eu` into three words.
    let prev = "    prev=\"$3\"\n";
    let split = "    [[ ${prev} == = ]] && prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n";
    let script = replace(&script, prev, &format!("{prev}{split}"));
    // A word without a dash is a file or another value. `opts` has the options before the values.
    let options = "            if [[ ${cur} == -* || ";
    let values = "            [[ ${cur} == -* ]] || \
                  { opts=\" ${opts} \"; opts=\"${opts##* -}\"; opts=\"${opts#* }\"; }\n";
    let script = replace(&script, options, &format!("{values}{options}"));
    // Where nothing matches, bash would offer files.
    let no_files = "            compopt +o bashdefault +o default 2> /dev/null\n";
    let without_files = command
        .get_subcommands()
        .filter(|command| !takes_files(command));
    without_files.fold(script, |script, subcommand| {
        let label = format!("        {}{})\n", state("__"), subcommand.get_name());
        replace(&script, &label, &format!("{label}{no_files}"))
    })
}

/// Replaces a part of a script. Fails in a test if another version of `clap_complete` writes another
/// script.
fn replace(script: &str, from: &str, to: &str) -> String {
    debug_assert!(script.contains(from), "not in the script: {from}");
    script.replace(from, to)
}

fn takes_files(command: &Command) -> bool {
    let mut arguments = command.get_positionals();
    arguments.any(|argument| argument.get_value_hint() == ValueHint::FilePath)
}

/// The values of positional arguments for fish, which `clap_complete` leaves out. Without them,
/// fish offers files.
fn fish(command: &Command) -> String {
    let name = command.get_name();
    let condition = format!("__fish_{}_using_subcommand", name.replace('-', "_"));
    let line = |subcommand: &Command| {
        if takes_files(subcommand) {
            return String::new();
        }
        let values = subcommand
            .get_positionals()
            .flat_map(Arg::get_possible_values);
        let values = values.map(|value| value.get_name().to_owned());
        // clap_complete offers the commands after `help` only before `help`.
        let commands = subcommand.get_subcommands().map(Command::get_name);
        let values = values.chain(commands.map(str::to_owned));
        let (subcommand, values) = (subcommand.get_name(), values.collect::<Vec<_>>().join(" "));
        format!("complete -c {name} -n \"{condition} {subcommand}\" -f -a \"{values}\"\n")
    };
    command.get_subcommands().map(line).collect()
}
