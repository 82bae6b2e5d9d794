//! Commands and options that people guess who know gh, terraform, stripe, kubectl or git. Each does
//! what they mean, or the error names what does it.

use contacts_cli::{CancelToken, Exit, Io};

/// What is typed, and what the output or the error contains. `FILE` is an input file, `NEW` a new
/// file, `JOURNAL` a journal.
const WORKS: &[(&str, &str)] = &[
    ("help", "Usage: digicert-contacts"),
    ("help apply", "Usage: digicert-contacts apply"),
    ("help show", "Usage: digicert-contacts get"),
    ("apply --help", "Examples:"),
    ("apply -h", "Examples:"),
    ("-help", "Usage: digicert-contacts"),
    ("version", "digicert-contacts 0."),
    ("version --json", "\"version\""),
    ("--version", "digicert-contacts 0."),
    ("-V", "digicert-contacts 0."),
    ("-version", "digicert-contacts 0."),
    ("show 100000001 --sandbox", "order 100000001"),
    ("view 100000001 --sandbox", "order 100000001"),
    ("describe 100000001 --sandbox", "order 100000001"),
    ("inspect 100000001 --sandbox", "order 100000001"),
    ("get 100000001 --sandbox -json", "\"order_id\""),
    ("get 100000001 --sandbox -o json", "\"order_id\""),
    ("get 100000001 --sandbox --output=csv", "order_id,"),
    ("get 100000001 --sandbox -o table", "ORDER ID"),
    ("search www.example.com --sandbox", "100000001"),
    ("grep www.example.com --sandbox", "100000001"),
    ("validate FILE", "no problems"),
    ("lint FILE", "no problems"),
    ("diff FILE --sandbox", "nothing was changed"),
    ("preview FILE --sandbox", "nothing was changed"),
    ("plan FILE --sandbox -out=NEW", "saved to "),
    ("plan FILE --sandbox --out NEW", "saved to "),
    ("export --sandbox --output NEW", "contacts of "),
    ("backup --sandbox -o NEW", "contacts of "),
    ("dump --sandbox -o NEW", "contacts of "),
    ("apply FILE --sandbox -y", "1 changed"),
    ("apply FILE --sandbox -auto-approve", "1 changed"),
    ("apply FILE --sandbox --assume-yes", "1 changed"),
    ("apply FILE --sandbox -y --parallelism=2", "1 changed"),
    ("completion bash", "digicert-contacts"),
    ("manual apply", ".TH"),
    ("me --sandbox", "user "),
    ("runs --help", "last run comes first"),
];

/// What is typed, and what the usage error names.
const NAMES: &[(&str, &str)] = &[
    ("list", "`get` shows orders"),
    ("ls", "`export` writes all"),
    ("orders list", "`find` the orders of a person"),
    ("order show 100000001", "`get` shows orders"),
    ("update 100000001", "`set` changes one order"),
    ("edit 100000001", "`set` changes one order"),
    ("create", "`apply` all orders of a file"),
    ("import FILE", "`apply` changes"),
    ("run FILE", "`apply` changes"),
    ("delete 100000001", "`replace`"),
    ("revoke 100000001", "nothing else"),
    ("login", "DIGICERT_API_KEY"),
    ("logout", "DIGICERT_API_KEY"),
    ("auth login", "DIGICERT_API_KEY"),
    ("auth status", "`whoami` tests the key"),
    ("init", "configuration file"),
    ("config set region eu", "--profile NAME"),
    ("status", "`runs` lists the runs"),
    ("retry JOURNAL", "`resume --last` continues"),
    ("wohami", "'whoami'"),
    ("rollback", "<JOURNAL>"),
    ("revert", "<JOURNAL>"),
    ("restore", "<JOURNAL>"),
    ("continue", "<JOURNAL>"),
    ("apply FILE --dry-run", "`plan FILE`"),
    ("apply FILE -n", "`plan FILE`"),
    (
        "replace --from a@b.example --dry-run",
        "`replace --plan FILE`",
    ),
    ("apply FILE --force", "--yes"),
    ("apply -f FILE", "`apply FILE`"),
    ("apply --rules FILE", "`plan --rules FILE"),
    ("apply --file=FILE", "`apply FILE`"),
    ("check -f FILE", "`apply FILE`"),
    ("plan FILE -y", "it does not ask"),
    ("plan FILE -o json", "--json prints JSON"),
    ("export -o csv", "names a file to write"),
    ("export --format json", "--json prints JSON"),
    ("whoami --output json", "--json prints JSON"),
    (
        "get 100000001 -o yaml",
        "possible values: table, json, jsonl, csv",
    ),
    ("get 100000001 --jq .orders", "--json prints everything"),
    ("get --all", "`find` and `export` cover all orders"),
    ("get orders", "not an order id"),
    ("get --order-id 100000001", "`get ORDER_ID`"),
    ("find --email robin@example.com", "as an argument"),
    ("get 100000001 --key Marker-4711", "--api-key-file"),
    ("get 100000001 --api-key=Marker-4711", "--api-key-file"),
    ("get 100000001 --token Marker-4711", "--api-key-file"),
    ("get 100000001 -kMarker-4711", "--api-key-file"),
    ("get 100000001 --host x.example.com", "--base-url"),
    ("get 100000001 --eu", "--region eu"),
    ("get 100000001 --region=europe", "possible values: us, eu"),
    ("get 100000001 --demo", "--sandbox"),
    ("get 100000001 --insecure", "--ca-bundle"),
    ("get 100000001 --debug", "-vv"),
    ("apply FILE --quiet", "> /dev/null"),
    ("get 100000001 --no-color", "NO_COLOR"),
    ("apply FILE -refresh=false", "--no-refresh"),
    ("apply FILE --retries 5", "at most three times"),
    ("apply FILE --webhook https://x.example.com", "--notify"),
    ("apply FILE --max-change 5", "'--max-changes'"),
];

#[test]
fn what_people_guess_works_or_the_error_names_what_does() {
    assert!(WORKS.len() + NAMES.len() >= 60);
    for (typed, expected) in WORKS {
        let (exit, output) = run(typed);
        assert_eq!(exit, Exit::Done, "{typed}: {output}");
        assert!(output.contains(expected), "{typed}: {output}");
    }
    for (typed, expected) in NAMES {
        let (exit, output) = run(typed);
        assert_eq!(exit, Exit::Usage, "{typed}: {output}");
        assert!(output.contains(expected), "{typed}: {output}");
        assert!(!output.contains("4711"), "{typed}: {output}");
    }
}

#[test]
fn a_word_after_two_dashes_keeps_its_one_dash() {
    let (exit, output) = run("check -- -json");
    assert_eq!(exit, Exit::BadInput, "{output}");
    assert!(output.contains("cannot read `-json`"), "{output}");
}

/// Runs a command line, with the files in a folder of its own.
fn run(typed: &str) -> (Exit, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let csv = "order_id,contact_type,first_name,last_name,email\n\
               100000001,technical_contact,Jane,Doe,jane.doe@example.com\n";
    std::fs::write(path("contacts.csv"), csv).unwrap();
    let typed = typed.replace("FILE", &path("contacts.csv"));
    let typed = typed
        .replace("NEW", &path("new"))
        .replace("JOURNAL", "run.jsonl");
    let args = ["digicert-contacts"]
        .into_iter()
        .chain(typed.split_whitespace());
    let mut io = Io::for_tests();
    let exit = contacts_cli::run(args, &mut io, &CancelToken::default());
    (exit, io.stdout_text() + &io.stderr_text())
}
