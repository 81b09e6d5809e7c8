//! What commands print and how they end: one file of cases for each, run as they stand there.

#[test]
fn commands() {
    let cases = trycmd::TestCases::new();
    cases.env("RAKSCAN_CACHE_DIR", "");
    cases.case("tests/commands/*.trycmd");
    cases.run();
}
