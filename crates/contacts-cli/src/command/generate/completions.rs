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
        Shell::Bash => script = bash(&script, &name),
        Shell::Fish => script += &fish(&command),
        // With two colons, zsh offers no options after the first file or order.
        Shell::Zsh => script = script.replace("'*::", "'*:"),
        _ => {}
    }
    print(&script, session)
}

/// Sets what can be completed: commands after `man`, files for paths, nothing for other text.
fn with_values(command: Command) -> Command {
    let names = command.get_subcommands().map(Command::get_name);
    let names = PossibleValuesParser::new(names.map(str::to_owned).collect::<Vec<_>>());
    let hint = |arg: Arg| match arg.get_value_hint() {
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
fn bash(script: &str, name: &str) -> String {
    // clap_complete replaces a dash in the name of a command in two ways, so no state has a label.
    let state = |dash| format!("{}__subcmd__", name.replace('-', dash));
    let script = script.replace(&state("__subcmd__"), &state("__"));
    // Bash splits `--region=eu` into three words.
    let prev = "    prev=\"$3\"\n";
    let split = "    [[ ${prev} == = ]] && prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n";
    let script = script.replace(prev, &format!("{prev}{split}"));
    // A word without a dash is a file or another value. `opts` has the options before the values.
    let options = "            if [[ ${cur} == -* || ";
    let values = "            [[ ${cur} == -* ]] || \
                  { opts=\" ${opts} \"; opts=\"${opts##* -}\"; opts=\"${opts#* }\"; }\n";
    script.replace(options, &format!("{values}{options}"))
}

/// The values of positional arguments for fish, which `clap_complete` leaves out. Without them,
/// fish offers files.
fn fish(command: &Command) -> String {
    let name = command.get_name();
    let condition = format!("__fish_{}_using_subcommand", name.replace('-', "_"));
    let line = |subcommand: &Command| {
        let arguments = || subcommand.get_positionals();
        if arguments().any(|argument| argument.get_value_hint() == ValueHint::FilePath) {
            return String::new();
        }
        let values = arguments().flat_map(Arg::get_possible_values);
        let values = values.map(|value| value.get_name().to_owned());
        let (subcommand, values) = (subcommand.get_name(), values.collect::<Vec<_>>().join(" "));
        format!("complete -c {name} -n \"{condition} {subcommand}\" -f -a \"{values}\"\n")
    };
    command.get_subcommands().map(line).collect()
}
