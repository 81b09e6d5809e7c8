//! What declared types say, worked out once a round.
//!
//! A type can name a list of hundreds of constants, and every open run of a function asks for the types
//! of its parameters.

use std::rc::Rc;

use model::{
    Name,
    facts::{Param, Type},
};

use crate::hashing::HashMap;
use crate::{
    evaluator::Evaluator,
    program::{ClassId, FileId, FunctionId},
    runs::Trail,
    value::Value,
};

/// What has a declared type, or a closed set of values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Declaration {
    Param(FunctionId, usize),
    Returns(FunctionId),
    Field(ClassId, Name),
    Enum(ClassId),
    /// What another file gets when it imports a name from a file.
    Export(FileId, Name),
    /// What code stores in a field; `true` where what constructors assign counts.
    Stored(ClassId, Name, bool),
    /// What the code of the classes below a class stores in a field.
    StoredBelow(ClassId, Name),
}

/// What was worked out in this round.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    known: HashMap<Declaration, (Value, Rc<Trail>)>,
    /// How often a result was given before it was complete.
    n_partial: u64,
}

impl Declared {
    pub(crate) fn start_round(&mut self) {
        self.known.clear();
    }

    /// Notes that a function that runs already, or is not run any more, was asked for its result.
    pub(crate) fn note_partial(&mut self) {
        self.n_partial += 1;
    }
}

impl Evaluator<'_> {
    /// Returns what the declared type of a parameter says.
    pub(crate) fn declared_param(
        &mut self,
        function: FunctionId,
        param: &Param,
        ty: &Type,
    ) -> Value {
        let class = self.class_of(function);
        let params = &self.program.function(function).params;
        let index = params.iter().position(|other| std::ptr::eq(other, param));
        let work = |this: &mut Self| this.type_value(function.file, class, ty, &mut 0);
        match index {
            Some(index) => self.worked_out(Declaration::Param(function, index), work),
            None => work(self),
        }
    }

    /// Returns what the declared result of a function says.
    pub(crate) fn declared_result(&mut self, function: FunctionId, ty: &Type) -> Value {
        let class = self.class_of(function);
        self.worked_out(Declaration::Returns(function), |this| {
            this.type_value(function.file, class, ty, &mut 0)
        })
    }

    /// Returns what the type that `owner` declares for a field says.
    pub(crate) fn declared_field(&mut self, owner: ClassId, name: &Name, ty: &Type) -> Value {
        let file: FileId = owner.file;
        self.worked_out(Declaration::Field(owner, name.clone()), |this| {
            this.type_value(file, Some(owner), ty, &mut 0)
        })
    }

    /// Returns the values of an enum, which `work` reads.
    pub(crate) fn declared_enum(
        &mut self,
        class: ClassId,
        work: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        self.worked_out(Declaration::Enum(class), work)
    }

    /// Does `work` unless its result is known. What is given in the middle of something is not kept.
    pub(crate) fn worked_out(
        &mut self,
        declaration: Declaration,
        work: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        if let Some((value, trail)) = self.declared.known.get(&declaration)
            && trail.is_as_read(&self.table)
        {
            self.notes.trail.append(trail);
            return value.clone();
        }
        let n_partial = self.declared.n_partial;
        let mark = self.notes.trail.mark();
        let value = work(self);
        if self.declared.n_partial == n_partial {
            let trail = Rc::new(self.notes.trail.since(mark).without_repetition());
            self.declared
                .known
                .insert(declaration, (value.clone(), trail));
        }
        value
    }
}
