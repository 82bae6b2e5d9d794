use contacts_bulk::PlanFile;

/// A plan file: what is accepted is written as the same plan, what is refused says why.
///
/// # Panics
/// Where a promise is broken.
pub fn plan(bytes: &[u8]) {
    match PlanFile::read(bytes) {
        Ok(plan) => reads_back(&plan),
        Err(error) => crate::assert_printable(&error.to_string()),
    }
}

pub(crate) fn reads_back(plan: &PlanFile) {
    let mut file = Vec::new();
    plan.write(&mut file).expect("memory");
    let again = PlanFile::read(&file).expect("it was written of what was read");
    assert_eq!(again.digest(), plan.digest());
    assert_eq!(again.plan().summary(), plan.plan().summary());
}
