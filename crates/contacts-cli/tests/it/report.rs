//! `report`.

use std::fs;
use std::time::{Duration, SystemTime};

use contacts_bulk::{AccountIdentity, Input, Plan, PlanFile, Run, RunSettings};
use contacts_cli::Exit;
use contacts_http::{ApiKey, BaseUrl};
use contacts_sandbox::Sandbox;

use crate::run::{run, run_against};

const MARKUP: &str = "</script><b>\"x\" & 'y'</b>";

/// The journal of a run over three orders, one of which is blocked.
fn journal(sandbox: &Sandbox, key: &str) -> Vec<u8> {
    let client = contacts_http::Client::builder(ApiKey::parse(sandbox.api_key()).unwrap())
        .base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
        .build()
        .unwrap();
    let quoted = MARKUP.replace('"', "\"\"");
    let file = format!(
        "order_id,contact_type,first_name,last_name,email\n\
         100000001,technical_contact,Jane,\"{quoted}\",jane@example.com\n\
         100000003,organization_contact,Jane,Doe,jane@example.com\n\
         5,technical_contact,Jane,Doe,jane@example.com\n"
    );
    let input = Input::from_csv(&file).unwrap();
    let plan = Plan::fetch(input, &client, |_| {}).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let account = AccountIdentity::new(sandbox.base_url(), key);
    let plan = PlanFile::new(plan, account.base_url(), time);
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &account, &mut journal, || time).unwrap();
    run.apply(&RunSettings::default(), &client, |_| {});
    drop(run);
    journal
}

struct Made {
    folder: tempfile::TempDir,
    sandbox: Sandbox,
}

impl Made {
    fn new(key: &str) -> Self {
        let (folder, sandbox) = (tempfile::tempdir().unwrap(), Sandbox::start().unwrap());
        fs::write(folder.path().join("run.jsonl"), journal(&sandbox, key)).unwrap();
        Self { folder, sandbox }
    }

    fn name(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn args(&self) -> Vec<String> {
        [
            "report",
            &self.name("run.jsonl"),
            "-o",
            &self.name("report.html"),
        ]
        .map(str::to_owned)
        .into()
    }

    fn page(&self) -> String {
        fs::read_to_string(self.name("report.html")).unwrap()
    }
}

/// The page without its script and style.
fn message(page: &str, sandbox: &Sandbox) -> String {
    let begin = page.find("<body>").unwrap();
    let end = page.rfind("<script>").unwrap();
    let text = page[begin..end].replace(&sandbox.base_url(), "[sandbox]");
    let digest = text.find("sha256:").unwrap();
    text.replace(&text[digest..digest + 71], "[digest]")
}

#[test]
fn a_report_shows_the_input_and_the_result_of_a_run() {
    let made = Made::new("key");
    let args = made.args();
    let ran = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let page = made.page();
    insta::assert_snapshot!("page", message(&page, &made.sandbox));
    assert!(!page.contains(MARKUP), "values are escaped");
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap();
    let policy = policy.split('"').next().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    for outside in ["src=\"", "href=", "url(", "@import", "fetch("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_report_names_the_user_only_with_the_same_key() {
    let made = Made::new(contacts_sandbox::Account::DEMO_KEY);
    let mut args = made.args();
    args.push("--whoami".to_owned());
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let ran = run_against(&made.sandbox, &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert!(
        made.page()
            .contains("<dt>Run by</dt><dd>sandbox, account 1</dd>")
    );
    assert!(!made.page().contains(contacts_sandbox::Account::DEMO_KEY));

    let made = Made::new("another key");
    let mut args = made.args();
    args.push("--whoami".to_owned());
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let ran = run_against(&made.sandbox, &args);
    assert_eq!(ran.exit, Exit::Usage, "{ran}");
    assert!(fs::metadata(made.name("report.html")).is_err());
}

#[test]
fn a_report_needs_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let name = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(name("run.jsonl"), "order_id\n").unwrap();
    let ran = run(&["report", &name("run.jsonl"), "-o", &name("report.html")]);
    assert_eq!(ran.exit, Exit::BadInput);
    let message = ran
        .stderr
        .replace(folder.path().to_str().unwrap(), "[folder]");
    insta::assert_snapshot!(message, @"error: cannot read `[folder]/run.jsonl`: not a journal; use the file that the run wrote, or an unedited copy");
    assert!(fs::metadata(name("report.html")).is_err());
}
