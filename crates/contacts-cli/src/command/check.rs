use crate::abort::Abort;
use crate::args::Check;
use crate::command::input;
use crate::exit::Exit;
use crate::io::Io;
use crate::view;

pub(crate) fn run(args: &Check, io: &mut Io<'_>) -> Result<Exit, Abort> {
    let mut problems = Vec::new();
    let mut checked = Vec::new();
    for file in &args.files {
        match input::read(file, args.reading.trim, io) {
            Ok(input) => checked.push((input::name(file), input)),
            Err(abort) if abort.problems.is_empty() => return Err(abort),
            Err(abort) => problems.extend(abort.problems),
        }
    }
    if !problems.is_empty() {
        return Err(input::refused(problems));
    }
    let told = if args.output.json {
        view::json::checked(&checked)
    } else {
        view::text::checked(&checked)
    };
    io.out(&told);
    Ok(Exit::Done)
}
