use contacts_bulk::PlanFile;

/// A plan file. A valid plan survives a round trip, and an error is safe to print.
///
/// # Panics
/// Panics if a property is violated.
pub fn plan(bytes: &[u8]) {
    match PlanFile::read(bytes) {
        Ok(plan) => assert_round_trip(&plan),
        Err(error) => crate::assert_printable(&error.to_string()),
    }
}

pub(crate) fn assert_round_trip(plan: &PlanFile) {
    let mut file = Vec::new();
    plan.write(&mut file).expect("a write to memory");
    let parsed = PlanFile::read(&file).expect("a written plan");
    assert_eq!(parsed.digest(), plan.digest());
    assert_eq!(parsed.plan().summary(), plan.plan().summary());
}
