//! Runs whose updates are sent by a worker.

use std::sync::Mutex;

use contacts_bulk::{
    AccountIdentity, Failure, FailureKind, Input, OrderApi, OrderResult, Plan, PlanFile,
    PlannedOrder, Replay, Report, Run, RunSettings, UndoPlan, Verification, worker,
};
use contacts_core::{Contact, ContactsUpdate, Order, OrderId, Outcome};
use contacts_http::{ApiKey, BaseUrl, Client};
use contacts_sandbox::Sandbox;

use crate::account::{FakeAccount, jane_for, not_found};
use crate::run::noon;

const FILE: &str = "order_id,contact_type,first_name,last_name,email\n\
                    100000001,technical_contact,Jane,Doe,jane@example.com\n\
                    100000002,technical_contact,Jane,Doe,jane@example.com\n";

/// Delivers each order to a worker with a client of its own, as text.
struct Queue<'a> {
    client: &'a Client,
    worker: &'a Client,
    deliveries: usize,
    before: &'a (dyn Fn(OrderId) + Sync),
    messages: Mutex<Vec<Vec<u8>>>,
}

impl<'a> Queue<'a> {
    fn new(client: &'a Client, worker: &'a Client, before: &'a (dyn Fn(OrderId) + Sync)) -> Self {
        Self {
            client,
            worker,
            deliveries: 1,
            before,
            messages: Mutex::default(),
        }
    }
}

impl OrderApi for Queue<'_> {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.client.read(order)
    }

    fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
        panic!("the worker sends the updates")
    }

    fn send_planned(&self, order: &PlannedOrder, _: &dyn Fn() -> OrderResult) -> OrderResult {
        let id = order.order();
        let message = worker::order_to_json(order, &self.client.base_url().to_string(), noon());
        (self.before)(id);
        let plan = worker::order_from_json(&message).unwrap();
        plan.check(&AccountIdentity::from(self.worker)).unwrap();
        self.messages.lock().unwrap().push(message);
        let deliver = || worker::send(&plan.plan().orders()[0], self.worker);
        let mut result = deliver();
        for _ in 1..self.deliveries {
            result = deliver();
        }
        let answer = worker::result_to_json(id, &result, noon());
        worker::result_from_json(id, &answer).unwrap()
    }
}

fn client_of(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(ApiKey::parse(sandbox.api_key()).unwrap());
    let url = BaseUrl::parse(&sandbox.base_url()).unwrap();
    builder.base_url(url).build().unwrap()
}

fn run(plan: Plan, queue: &Queue<'_>, journal: &mut Vec<u8>) -> Report {
    let account = AccountIdentity::from(queue.client);
    let plan = PlanFile::new(plan, account.base_url(), noon());
    let mut run = Run::start(plan, &account, journal, noon).unwrap();
    run.apply(&RunSettings::default(), queue, |_| {})
}

fn set_technical(client: &Client, order: OrderId, first_name: &str) {
    let contact = Contact::draft(first_name, "Doe", "jane@example.com");
    let update = ContactsUpdate::technical(contact.build().unwrap());
    client.update_contacts(order, &update).unwrap();
}

fn input() -> Input {
    Input::from_csv(FILE).unwrap()
}

#[test]
fn the_process_of_the_run_keeps_the_journal_and_the_worker_sends_each_update() {
    let sandbox = Sandbox::start().unwrap();
    let (client, worker) = (client_of(&sandbox), client_of(&sandbox));
    for plan in [
        Plan::fetch(input(), &client, |_| {}).unwrap(),
        Plan::unread(input()),
    ] {
        let mut journal = Vec::new();
        let queue = Queue::new(&client, &worker, &|_| {});
        let summary = run(plan, &queue, &mut journal).summary();
        assert_eq!((summary.changed, summary.verified), (2, 2));
        let messages = queue.messages.into_inner().unwrap();
        assert_eq!(messages.len(), 2);
        let message = String::from_utf8(messages[0].clone()).unwrap();
        assert!(message.contains("robin.leaver@example.com"), "{message}");
        let replay = Replay::read(&journal).unwrap();
        let undo = UndoPlan::fetch(&replay, &client, |_| {})
            .unwrap()
            .into_plan();
        let queue = Queue::new(&client, &worker, &|_| {});
        let summary = run(undo, &queue, &mut Vec::new()).summary();
        assert_eq!((summary.changed, summary.verified), (2, 2));
    }
}

#[test]
fn an_order_that_changed_while_it_was_in_the_queue_is_a_conflict() {
    let sandbox = Sandbox::start().unwrap();
    let (client, worker) = (client_of(&sandbox), client_of(&sandbox));
    let before = |order| set_technical(&client, order, "Mallory");
    let queue = Queue::new(&client, &worker, &before);
    let plan = Plan::fetch(input(), &client, |_| {}).unwrap();
    let mut journal = Vec::new();
    let report = run(plan, &queue, &mut journal);
    assert_eq!(report.summary().conflict, 2);
    let conflicts = report.orders()[0].result().conflicts();
    assert_eq!(conflicts[0].now.as_deref(), Some("Mallory"));
    assert_eq!(Replay::read(&journal).unwrap().remaining(), 0);
}

#[test]
fn an_order_that_is_delivered_twice_is_read_and_not_sent_again() {
    let sandbox = Sandbox::start().unwrap();
    let (client, worker) = (client_of(&sandbox), client_of(&sandbox));
    let mut queue = Queue::new(&client, &worker, &|_| {});
    queue.deliveries = 2;
    let plan = Plan::fetch(input(), &client, |_| {}).unwrap();
    let report = run(plan, &queue, &mut Vec::new());
    let found = OrderResult::Changed(Verification::VerifiedWithoutAnswer);
    assert_eq!(*report.orders()[0].result(), found);
    assert_eq!(sandbox.changes().len(), 2);
}

#[test]
fn an_order_that_cannot_be_read_may_have_been_changed_by_an_earlier_delivery() {
    let order = OrderId::parse("1").unwrap();
    let john = FakeAccount::with(1);
    let plan = Plan::fetch(jane_for(1), &john, |_| {}).unwrap();
    let gone = FakeAccount::with(1).read_fails(1, not_found());
    let result = worker::send(&plan.orders()[0], &gone);
    let json = worker::result_to_json(order, &result, noon());
    assert_eq!(worker::result_from_json(order, &json), Ok(result.clone()));
    let failure = result.failure().unwrap();
    assert_eq!(failure.kind(), FailureKind::NotFound);
    assert_eq!(failure.outcome(), Outcome::Unknown);
}

#[test]
fn a_worker_gets_one_order() {
    let account = FakeAccount::with(2);
    let plan = Plan::fetch(jane_for(2), &account, |_| {}).unwrap();
    let plan = PlanFile::new(plan, "https://example.com", noon());
    let mut json = Vec::new();
    plan.write(&mut json).unwrap();
    let error = worker::order_from_json(&json).unwrap_err();
    insta::assert_snapshot!(error, @"the plan is damaged: it has 2 orders, but a worker gets one; make a new plan");
}

#[test]
fn an_answer_that_is_not_the_result_of_the_order_is_an_error() {
    let order = OrderId::parse("7").unwrap();
    let other = OrderId::parse("8").unwrap();
    let changed = OrderResult::Changed(Verification::NotRequested);
    let answers = [
        worker::result_to_json(other, &changed, noon()),
        worker::result_to_json(order, &OrderResult::Unchanged, noon()),
        worker::result_to_json(order, &OrderResult::Skipped, noon()),
        br#"{"resumed":{"at":"","key":""}}"#.to_vec(),
        br#"{"finished":{"order_id":"7","at":"","result":"improved"}}"#.to_vec(),
        b"Traceback".to_vec(),
    ];
    let errors = answers.map(|answer| worker::result_from_json(order, &answer).unwrap_err());
    insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"), @"
    order 7: the worker's answer is not the result of its update: the result of order 8; use the same version of digicert-contacts for the run and its workers
    order 7: the worker's answer is not the result of its update: not a result of a worker; use the same version of digicert-contacts for the run and its workers
    order 7: the worker's answer is not the result of its update: a member is missing, unknown or of the wrong type; use the same version of digicert-contacts for the run and its workers
    order 7: the worker's answer is not the result of its update: another entry; use the same version of digicert-contacts for the run and its workers
    order 7: the worker's answer is not the result of its update: unknown name `improved`; if a later version wrote it, update digicert-contacts; use the same version of digicert-contacts for the run and its workers
    order 7: the worker's answer is not the result of its update: a member is missing, unknown or of the wrong type; use the same version of digicert-contacts for the run and its workers
    ");
}
