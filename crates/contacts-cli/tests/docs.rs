//! Every terminal session of the documentation is run and shows its real output. A test binary of
//! its own, because the sessions are told from the top of the tree and so is run.

#[test]
fn the_sessions_of_the_documentation_are_real() {
    std::env::set_current_dir("../..").unwrap();
    trycmd::TestCases::new()
        .case("README.md")
        .case("docs/*.md")
        .run();
}
