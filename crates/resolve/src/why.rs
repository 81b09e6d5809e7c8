//! Why a call led to no request, and why a value is not known.

use model::{
    Name,
    api::HttpCallee,
    facts::{Expr, ExprKind},
};

use crate::{
    apart::holds_publishable_key,
    describe::{Describe, spell},
    evaluator::Evaluator,
    program::SdkIndex,
    recorder::Event,
    request::class_name,
    trace::{called_name, receiver_of},
    value::{Atom, Value},
};

/// Says why what a call is called on is not known.
pub(crate) fn unknown(describe: &Describe<'_>, receiver: &Expr, event: &Event) -> String {
    let param = event
        .receiver
        .atoms
        .iter()
        .find(|atom| matches!(atom, Atom::Param(_)));
    if let Some(param) = param {
        let said = describe.atom(param, 0);
        return if said.contains("parameter `") {
            format!("{said}, to which no caller passes anything known")
        } else {
            said
        };
    }
    let language = describe.program.language(event.function.file);
    let spelling = spell(receiver, language);
    match &receiver.kind {
        ExprKind::Call { .. } => format!("unknown: what `{spelling}` returns"),
        ExprKind::Member { .. } | ExprKind::Name(_) | ExprKind::StaticMember { .. } => {
            format!("unknown: nothing known is assigned to `{spelling}`")
        }
        _ => format!("unknown: `{spelling}`"),
    }
}

/// Says why a call made no request.
pub(crate) fn nothing(evaluator: &Evaluator<'_>, call: &Expr, event: &Event) -> String {
    let describe = Describe {
        program: evaluator.program,
        function: event.function,
    };
    if let Some(ran) = event.ran.first() {
        let name = describe.function_name(ran.function);
        let is_client = |atom: &Atom| matches!(atom, Atom::Client(_));
        if event.result.atoms.iter().any(is_client) {
            return format!("`{name}` gives a Stripe client, and asks nothing of Stripe");
        }
        return if evaluator.reach.contains(ran.function) {
            format!("`{name}` makes no request to Stripe when it is run with these values")
        } else {
            format!("`{name}` makes no request to Stripe: no name in it leads there")
        };
    }
    let makes = |wanted: fn(&Atom) -> bool| event.result.atoms.iter().any(wanted);
    let mut arguments = event.arguments.all();
    if arguments.any(|value| holds_publishable_key(value, 0)) {
        return "it carries a publishable key, which is for browsers and no restricted key".into();
    }
    let is_new = matches!(call.kind, ExprKind::New { .. });
    if makes(|atom| matches!(atom, Atom::Client(_))) {
        return "it gives a Stripe client, and asks nothing of Stripe".into();
    }
    if is_new && makes(|atom| matches!(atom, Atom::Instance(_))) {
        return "it only makes an instance".into();
    }
    let name = called_name(call).unwrap_or("a computed name");
    if name.starts_with("curl_") {
        return of_curl(name).to_owned();
    }
    let member = receiver_of(call).map(|_| name);
    let mut reasons = event.receiver.atoms.iter();
    reasons
        .find_map(|atom| of_atom(evaluator, &describe, event, atom, member))
        .unwrap_or_else(|| {
            "what it is called on is not known, and counts only where its name says that it is a \
             Stripe client"
                .to_owned()
        })
}

fn of_curl(name: &str) -> &'static str {
    match name {
        "curl_exec" => "the URL of the handle is no known URL of the Stripe API",
        _ => "it only prepares a handle; `curl_exec` sends it",
    }
}

/// Says why calling `atom`, or its `member`, makes no request.
fn of_atom(
    evaluator: &Evaluator<'_>,
    describe: &Describe<'_>,
    event: &Event,
    atom: &Atom,
    member: Option<&str>,
) -> Option<String> {
    let said = describe.atom(atom, 0);
    let name = member.unwrap_or_default();
    Some(match atom {
        Atom::Param(_) => return None,
        Atom::SdkPath(sdk, class, _) => of_sdk(evaluator, *sdk, class, name),
        Atom::Sdk(sdk) | Atom::Client(sdk) => of_sdk(evaluator, *sdk, "", name),
        Atom::Service(sdk, path, _) => of_sdk(evaluator, *sdk, path, name),
        Atom::Object(object) => of_sdk(evaluator, object.sdk, &object.name, name),
        Atom::List(object) | Atom::Collection(object, _)
            if evaluator.is_pager(object.sdk, name) =>
        {
            "it asks for further pages at the endpoint that gave the list, which is counted there"
                .to_owned()
        }
        Atom::List(_) | Atom::Collection(..) => {
            format!("`{name}` of a {said} asks nothing of Stripe")
        }
        Atom::ServiceMethod(sdk, path, method, _) => {
            of_sdk(evaluator, *sdk, &crate::sdk::dotted(path, method), name)
        }
        Atom::ClassMethod(..) | Atom::CollectionMethod(..) => {
            format!("{said} asks nothing of Stripe here")
        }
        Atom::Foreign => {
            "it is called on an object of a class that is neither in the scanned code nor in the \
             Stripe SDK"
                .to_owned()
        }
        Atom::External(full) => of_external(evaluator, describe, event, full, member),
        Atom::ExternalInstance(class, base) => {
            let callee = HttpCallee::Method {
                class: class_name(class).into(),
                method: name.into(),
            };
            match evaluator.http_url(event.function, &callee, &event.arguments) {
                Some(url) => sent_elsewhere(describe, &url, Some(base)),
                None => format!("`{name}` of {said} is no request that the rule table knows"),
            }
        }
        Atom::Instance(instance) => format!(
            "`{}` has no method `{name}` in the scanned code",
            describe.class_name(instance.class)
        ),
        Atom::Class(class) => {
            let class = describe.class_name(*class);
            match member {
                Some(_) => format!("`{class}` has no method `{name}` in the scanned code"),
                None => "it only makes an instance".to_owned(),
            }
        }
        Atom::Null
        | Atom::Bool(_)
        | Atom::Int(_)
        | Atom::Text(_)
        | Atom::Map(_)
        | Atom::Function(_)
        | Atom::Module(_)
        | Atom::ExternalMethod(..) => format!("it is called on {said}, which is nothing of Stripe"),
    })
}

fn of_sdk(evaluator: &Evaluator<'_>, sdk: SdkIndex, of: &str, name: &str) -> String {
    let id = evaluator.program.sdk_id(sdk).id();
    let spelling = crate::sdk::dotted(of, name);
    let spelling = spelling.trim_end_matches('.');
    let is_silent = evaluator.program.sdk_table(sdk).is_some_and(|table| {
        let known = |class: &str| {
            table
                .silent
                .contains(&(Name::from(class), Name::from(name)))
        };
        known(of)
            || known("*")
            || (of.is_empty() && table.silent.iter().any(|(_, method)| **method == *name))
    });
    if is_silent {
        format!("`{spelling}` of {id} works on data at hand and makes no request")
    } else {
        format!("`{spelling}` of {id} is no request that the rule table knows")
    }
}

fn of_external(
    evaluator: &Evaluator<'_>,
    describe: &Describe<'_>,
    event: &Event,
    full: &Name,
    member: Option<&str>,
) -> String {
    let (module, item) = full.split_once('#').unwrap_or((full, ""));
    let item = member.map_or_else(
        || item.to_owned(),
        |member| crate::sdk::dotted(item, member),
    );
    let callee = if module.is_empty() {
        HttpCallee::Function(item.as_str().into())
    } else {
        HttpCallee::Module {
            module: module.into(),
            member: item.as_str().into(),
        }
    };
    if let Some(url) = evaluator.http_url(event.function, &callee, &event.arguments) {
        return sent_elsewhere(describe, &url, None);
    }
    let name = crate::sdk::dotted(&class_name(full), member.unwrap_or_default());
    let name = name.trim_matches('.');
    format!("`{name}` is not in the scanned code, and is no HTTP client of the rule table")
}

fn sent_elsewhere(describe: &Describe<'_>, url: &Value, base: Option<&Value>) -> String {
    let base = base.filter(|base| !base.is_never());
    let before = base.map_or_else(String::new, |base| format!("{} and ", describe.value(base)));
    if url.is_unknown() && base.is_none() {
        return "it sends a request to a URL of which nothing is known".to_owned();
    }
    format!(
        "it sends a request to {before}{}, which is not known to be the Stripe API",
        describe.value(url)
    )
}
