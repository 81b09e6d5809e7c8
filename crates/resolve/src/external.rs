//! What the rules and the languages know of something that is called and is not in the unit.
//!
//! Most of what a plugin calls is a handful of functions again and again, so the tables are asked once
//! for each name.

use std::rc::Rc;

use model::{
    Name,
    api::{HttpCallee, SdkId},
    library::{Library, Passing},
};

use crate::{
    builtin::{Effect, effect_of, split_method},
    evaluator::Evaluator,
    hashing::HashMap,
    request::class_name,
};

/// What is known of a callee by its name.
pub(crate) struct External<'a> {
    /// It, where it is a function of an HTTP client.
    pub(crate) http: Option<HttpCallee>,
    /// The same where the name is of a class and its method.
    pub(crate) http_method: Option<HttpCallee>,
    pub(crate) library: InLibrary<'a>,
    pub(crate) effect: Option<Effect>,
    /// The last part of the name.
    pub(crate) last: Name,
    /// Whether it makes an HTTP client.
    pub(crate) is_client: bool,
}

/// What the table of library functions says of a callee.
pub(crate) struct InLibrary<'a> {
    /// How the table would spell the name.
    pub(crate) name: String,
    pub(crate) row: Option<&'a Passing>,
    /// The library that it belongs to, where that may make requests that nobody has read.
    pub(crate) unread: Option<&'a Library>,
}

/// What was looked up already, by language and name.
#[derive(Default)]
pub(crate) struct Externals<'a> {
    functions: HashMap<(SdkId, Name), Rc<External<'a>>>,
    methods: HashMap<(SdkId, Name, Name), Rc<External<'a>>>,
}

impl<'a> Evaluator<'a> {
    /// Returns what is known of something of a module outside the unit, `module#member`.
    pub(crate) fn external(&mut self, language: SdkId, name: &Name) -> Rc<External<'a>> {
        let key = (language, name.clone());
        if let Some(known) = self.externals.functions.get(&key) {
            return Rc::clone(known);
        }
        let (module, member) = name.split_once('#').unwrap_or((name, ""));
        let callee = if module.is_empty() {
            HttpCallee::Function(member.into())
        } else {
            HttpCallee::Module {
                module: module.into(),
                member: member.into(),
            }
        };
        // A class that is called without `new`, as in Python, and static methods of PHP classes.
        let method = split_method(name).map(|(class, method)| HttpCallee::Method {
            class: class.into(),
            method: method.into(),
        });
        let known = Rc::new(External {
            http: Some(callee).filter(|callee| self.http.has(language, callee)),
            http_method: method.filter(|callee| self.http.has(language, callee)),
            library: self.passing.known(language, name),
            effect: module.is_empty().then(|| effect_of(member)).flatten(),
            last: member.rsplit('.').next().unwrap_or_default().into(),
            is_client: self.http.is_client(language, &class_name(name)),
        });
        self.externals.functions.insert(key, Rc::clone(&known));
        known
    }

    /// Returns what is known of a method of a class outside the unit.
    pub(crate) fn external_method(
        &mut self,
        language: SdkId,
        class: &Name,
        method: &Name,
    ) -> Rc<External<'a>> {
        let key = (language, class.clone(), method.clone());
        if let Some(known) = self.externals.methods.get(&key) {
            return Rc::clone(known);
        }
        let class = class_name(class);
        let callee = HttpCallee::Method {
            class: class.as_str().into(),
            method: method.clone(),
        };
        let known = Rc::new(External {
            http: None,
            http_method: Some(callee).filter(|callee| self.http.has(language, callee)),
            library: self.passing.known(language, &format!("{class}#{method}")),
            effect: None,
            last: method.clone(),
            is_client: self.http.is_client(language, &class),
        });
        self.externals.methods.insert(key, Rc::clone(&known));
        known
    }
}
