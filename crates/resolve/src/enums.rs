//! Enums and types that pick from others: the closed sets of values that code picks resources and methods from.

use model::{
    Name,
    facts::{ClassKind, Type},
    language::Language,
};

use crate::{
    evaluator::{Env, Evaluator, instance},
    program::{ClassId, FileId, FunctionId},
    value::{Atom, Value},
};

impl Evaluator<'_> {
    /// Returns what a value of an enum type can be; `None` where the class is no enum.
    ///
    /// In TypeScript that is one of the values themselves, elsewhere a case that holds one.
    pub(crate) fn case_of(&mut self, class: ClassId) -> Option<Value> {
        if self.program.class(class).kind != ClassKind::Enum {
            return None;
        }
        let is_script = !matches!(
            self.program.language(class.file),
            Language::Php | Language::Python
        );
        Some(if is_script {
            self.enum_values(class)
        } else {
            Value::of(instance(class))
        })
    }

    /// Returns what `case.value` can be; `None` where the class is no enum.
    pub(crate) fn value_of_case(&mut self, class: ClassId, property: &str) -> Option<Value> {
        let is_enum = self.program.class(class).kind == ClassKind::Enum;
        (is_enum && property == "value" && self.method(class, property).is_none())
            .then(|| self.enum_values(class))
    }

    /// Returns what an element of a list that is written down can be, as `(typeof LIST)[number]` says;
    /// `None` for any other type.
    pub(crate) fn element_type(
        &mut self,
        file: FileId,
        class: Option<ClassId>,
        (name, arguments): (&Name, &[Type]),
        depth: &mut usize,
    ) -> Option<Value> {
        let ("[]", [list]) = (&**name, arguments) else {
            return None;
        };
        let list = self.type_value(file, class, list, depth);
        let mut frame = self.frame(FunctionId { file, index: 0 }, None, Env::new());
        Some(self.element(&mut frame, &list, None))
    }

    fn enum_values(&mut self, class: ClassId) -> Value {
        self.declared_enum(class, |this| this.read_enum(class))
    }

    fn read_enum(&mut self, class: ClassId) -> Value {
        let names = self.program.class(class).fields.iter();
        let names: Vec<_> = names.map(|field| field.name.clone()).collect();
        names.iter().fold(Value::never(), |sum, name| {
            let value = self.initial_field(class, name);
            let value = value.unwrap_or_else(Value::unknown);
            sum.join(&value.without(|atom| !matches!(atom, Atom::Text(_))))
        })
    }
}
