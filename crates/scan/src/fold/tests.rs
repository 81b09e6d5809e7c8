use model::api::PathTemplate;

use super::*;

struct Call(CallSite);

fn call(endpoint: &str) -> Call {
    let endpoint = Endpoint::parse(endpoint).unwrap();
    Call(CallSite {
        method: endpoint.method,
        path: PathTemplate::new(endpoint.path.as_str()),
        location: at("a.php", 1),
        spelling: "x".into(),
        named: Vec::new(),
        chain: Vec::new(),
        connect: false,
        expands: Vec::new(),
        events: Vec::new(),
        tier: Tier::Required,
    })
}

fn at(path: &str, line: u32) -> Location {
    Location {
        path: path.into(),
        line,
        column: 1,
        excerpt: "".into(),
    }
}

impl Call {
    fn on(mut self, path: &str, line: u32) -> Self {
        self.0.location = at(path, line);
        self
    }

    fn tier(mut self, tier: Tier) -> Self {
        self.0.tier = tier;
        self
    }

    fn through(mut self, lines: &[u32]) -> Self {
        self.0.chain = lines.iter().map(|line| at("api.php", *line)).collect();
        self
    }

    fn for_others(mut self) -> Self {
        self.0.connect = true;
        self
    }

    fn needs(self, ids: &[&str], grade: Grade) -> Verdict {
        let mut ids = ids.iter().map(|id| PermissionId::parse(id).unwrap());
        Verdict::Needs {
            cause: Cause::Endpoint,
            endpoint: endpoint_of(&self.0),
            permission: ids.next().unwrap(),
            alternatives: ids.collect(),
            grade,
            call: self.0,
        }
    }

    fn unmapped(self, reason: UnmappedReason) -> Verdict {
        Verdict::Unmapped {
            cause: Cause::Endpoint,
            endpoint: endpoint_of(&self.0),
            reason,
            call: self.0,
        }
    }
}

fn endpoint_of(call: &CallSite) -> Endpoint {
    Endpoint {
        path: call.path.clone(),
        method: call.method,
    }
}

fn folded(verdicts: Vec<Verdict>) -> Folded {
    fold(
        verdicts,
        KeyTiers::default(),
        &Features::default(),
        &RuleSet::default(),
    )
}

fn ids(list: &[Needed]) -> Vec<String> {
    list.iter().map(|needed| needed.id.to_string()).collect()
}

#[test]
fn write_absorbs_read_of_the_same_base() {
    let folded = folded(vec![
        call("GET /v1/charges")
            .on("b.php", 2)
            .needs(&["charge_read"], Grade::Inferred),
        call("POST /v1/refunds").needs(&["charge_write"], Grade::Official),
        call("GET /v1/charges").needs(&["charge_read"], Grade::Inferred),
    ]);
    assert_eq!(ids(&folded.permissions), ["charge_write"]);
    let needed = &folded.permissions[0];
    assert_eq!(needed.grade, Grade::Official);
    let requests: Vec<_> = needed
        .requests
        .iter()
        .map(|r| r.endpoint.to_string())
        .collect();
    assert_eq!(requests, ["GET /v1/charges", "POST /v1/refunds"]);
    assert_eq!(needed.requests[0].at, [at("a.php", 1), at("b.php", 2)]);
}

#[test]
fn a_write_that_nothing_reaches_does_not_widen_a_read() {
    let read = || call("GET /v1/charges").needs(&["charge_read"], Grade::Official);
    let write = |tier| {
        call("POST /v1/refunds")
            .tier(tier)
            .needs(&["charge_write"], Grade::Official)
    };
    let unreached = folded(vec![read(), write(Tier::Unreferenced)]);
    assert_eq!(ids(&unreached.permissions), ["charge_read", "charge_write"]);
    assert_eq!(unreached.permissions[1].tier, Tier::Unreferenced);
    let once = folded(vec![read(), write(Tier::OneOff)]);
    assert_eq!(ids(&once.permissions), ["charge_write"]);
    assert_eq!(once.permissions[0].tier, Tier::Required);
}

#[test]
fn a_tier_that_is_left_out_of_the_key_does_not_widen_it() {
    let verdicts = || {
        let write = call("POST /v1/refunds").tier(Tier::OneOff);
        vec![
            call("GET /v1/charges").needs(&["charge_read"], Grade::Official),
            write.needs(&["charge_write"], Grade::Official),
        ]
    };
    let tiers = |one_off| KeyTiers {
        one_off,
        unreferenced: false,
    };
    let with = fold(
        verdicts(),
        tiers(true),
        &Features::default(),
        &RuleSet::default(),
    );
    assert_eq!(ids(&with.permissions), ["charge_write"]);
    let without = fold(
        verdicts(),
        tiers(false),
        &Features::default(),
        &RuleSet::default(),
    );
    assert_eq!(ids(&without.permissions), ["charge_read", "charge_write"]);
    assert_eq!(without.permissions[1].tier, Tier::OneOff);
}

#[test]
fn the_worst_grade_and_the_most_needed_tier_are_kept() {
    let folded = folded(vec![
        call("POST /v1/refunds")
            .tier(Tier::Unreferenced)
            .needs(&["charge_write"], Grade::Official),
        call("POST /v1/charges")
            .tier(Tier::OneOff)
            .needs(&["charge_write"], Grade::Documented),
    ]);
    let needed = &folded.permissions[0];
    assert_eq!(
        (needed.grade, &needed.tier),
        (Grade::Documented, &Tier::OneOff)
    );
}

#[test]
fn a_choice_falls_on_what_is_needed_anyway() {
    let choice = || call("GET /v1/account").needs(&["account_read", "kyc_read"], Grade::Official);
    let alone = folded(vec![choice()]);
    assert_eq!(ids(&alone.permissions), ["account_read"]);
    assert_eq!(
        alone.permissions[0].alternatives,
        [PermissionId::parse("kyc_read").unwrap()]
    );
    let other = || call("POST /v1/kyc").needs(&["kyc_write"], Grade::Official);
    for verdicts in [vec![choice(), other()], vec![other(), choice()]] {
        let both = folded(verdicts);
        assert_eq!(ids(&both.permissions), ["kyc_write"]);
        assert_eq!(both.permissions[0].requests.len(), 2);
    }
}

#[test]
fn requests_for_connected_accounts_stand_apart() {
    let folded = folded(vec![
        call("GET /v1/charges")
            .for_others()
            .needs(&["charge_read"], Grade::Official),
        call("GET /v1/plans").needs(&["plan_read"], Grade::Official),
    ]);
    assert_eq!(ids(&folded.permissions), ["plan_read"]);
    assert_eq!(ids(&folded.connect), ["charge_read"]);
}

#[test]
fn unmapped_requests_are_sorted_with_their_reasons() {
    let folded = folded(vec![
        call("GET /v1/y").unmapped(UnmappedReason::UnknownEndpoint),
        call("GET /v1/x")
            .on("b.php", 1)
            .unmapped(UnmappedReason::UnknownPermission),
        call("GET /v1/x").unmapped(UnmappedReason::UnknownPermission),
    ]);
    let rows: Vec<_> = folded
        .unmapped
        .iter()
        .map(|row| {
            (
                row.request.endpoint.to_string(),
                row.reason,
                row.request.at.len(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("GET /v1/x".to_owned(), UnmappedReason::UnknownPermission, 2),
            ("GET /v1/y".to_owned(), UnmappedReason::UnknownEndpoint, 1),
        ]
    );
}

#[test]
fn the_shortest_way_through_wrappers_is_kept() {
    let refund = |lines: &[u32]| {
        let call = call("POST /v1/refunds").on("a.php", 3).through(lines);
        call.needs(&["charge_write"], Grade::Official)
    };
    let direct = call("POST /v1/refunds").on("b.php", 1);
    let verdicts = vec![
        refund(&[7, 8]),
        refund(&[9]),
        refund(&[4, 5, 6]),
        direct.needs(&["charge_write"], Grade::Official),
    ];
    let folded = folded(verdicts);
    let request = &folded.permissions[0].requests[0];
    assert_eq!(request.at.len(), 2);
    let expected = [(at("a.php", 3), vec![at("api.php", 9)])];
    assert_eq!(request.through, expected.into());
}

#[test]
fn a_request_belongs_to_features_where_no_other_code_makes_it() {
    let of = |places: &[(&str, Tier)]| {
        let verdicts = places.iter().map(|(path, tier)| {
            call("GET /v1/charges")
                .on(path, 1)
                .tier(tier.clone())
                .needs(&["charge_read"], Grade::Official)
        });
        let features = Features::of_files(&[("gifts.php", "Gifts"), ("clubs.php", "Clubs")]);
        let folded = fold(
            verdicts.collect(),
            KeyTiers::default(),
            &features,
            &RuleSet::default(),
        );
        folded.permissions[0].requests[0].features.join(" ")
    };
    let needed = Tier::Required;
    assert_eq!(of(&[("gifts.php", needed.clone())]), "Gifts");
    let both = [("gifts.php", needed.clone()), ("clubs.php", needed.clone())];
    assert_eq!(of(&both), "Clubs Gifts");
    let elsewhere = [("gifts.php", needed.clone()), ("core.php", needed.clone())];
    assert_eq!(of(&elsewhere), "");
    // What is less needed does not make it a request of the whole program.
    let unreached = [("gifts.php", needed), ("core.php", Tier::Unreferenced)];
    assert_eq!(of(&unreached), "Gifts");
}
