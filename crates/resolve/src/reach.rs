//! Which functions can have to do with Stripe at all.
//!
//! Starts from the places where Stripe enters a program (a class of the SDK, an import of it, a URL,
//! an HTTP client) and follows names: whoever mentions the name of a function, field, class or
//! variable that leads there may lead there too. Names are compared without their owners, so the
//! answer is too large rather than too small. It decides what is run, never what is found.

use model::{
    Name,
    api::{HttpCallee, SdkId},
    facts::{ClassRef, Expr, ExprKind, Field, Function, FunctionKind, ImportItem, Stmt, Type},
    language::Language,
    library::spelled,
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    calls::is_stripe_name,
    modules::ModuleRef,
    program::{ClassId, FileId, FunctionId, Program, number},
    request::HOSTS,
    visit,
};

/// The functions that can lead to Stripe.
pub(crate) struct Reach {
    functions: HashSet<FunctionId>,
    classes: HashSet<ClassId>,
}

/// Something that becomes hot when a name that it mentions does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Function(FunctionId),
    Name(Id),
}

/// Something that can be mentioned, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Id(u32);

/// Something that can be mentioned and is no word of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Special {
    /// A function that stands in another, or is a value.
    Inner(FunctionId),
    /// The top level of a file.
    Module(FileId),
    /// The making of instances of the classes of a name, from what leads to Stripe.
    Made(Id),
    /// That somebody makes an instance of a class of this name.
    Instance(Id),
}

/// Tells whether a name is of a library that makes requests itself.
fn requests_itself(program: &Program<'_>, language: Language, name: &str) -> bool {
    let sdk = match language {
        Language::Php => SdkId::Php,
        Language::Python => SdkId::Python,
        _ => SdkId::Node,
    };
    let mut libraries = program.catalog.libraries.iter();
    libraries.any(|library| library.language == sdk && library.has(&spelled(sdk, name)))
}

/// Longest text that can be the name of something.
const MAX_NAME: usize = 64;

struct Graph {
    /// Words by language: code of one does not call code of another.
    words: HashMap<SdkId, HashMap<Name, Id>>,
    specials: HashMap<Special, Id>,
    /// The language of the file that is looked at.
    language: SdkId,
    /// Words that are names of classes.
    classes: HashSet<Id>,
    /// Who mentions something, by its number.
    mentioned_by: Vec<Vec<Node>>,
    hot: HashSet<Node>,
    todo: Vec<Node>,
}

impl Reach {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let mut graph = Graph::new();
        let clients = HttpNames::new(program);
        for class in program.classes() {
            graph.language = sdk_of(program.language(class.file));
            let name = graph.id(last(&program.class(class).name));
            graph.classes.insert(name);
        }
        for (file, facts) in program.files() {
            graph.language = sdk_of(facts.language());
            for index in 0..facts.functions.len() {
                let id = FunctionId {
                    file,
                    index: number(index),
                };
                graph.add_function(program, &clients, id);
            }
            for (index, class) in facts.classes.iter().enumerate() {
                let id = ClassId {
                    file,
                    index: number(index),
                };
                let name = graph.id(last(&class.name));
                let made = graph.special(Special::Made(name));
                for base in &class.bases {
                    if let Some(base) = called_class(base) {
                        // Making a class makes its bases.
                        let base = graph.id(base);
                        let base = graph.special(Special::Made(base));
                        graph.mention_id(Node::Name(base), made);
                    }
                    graph.mentions(program, &clients, file, Node::Name(name), base);
                    // In a class that extends one of the SDK, the receiver itself is of the SDK.
                    graph.mentions(program, &clients, file, Node::Name(made), base);
                }
                for mixin in &class.mixins {
                    graph.mention(Node::Name(name), last(mixin));
                }
                for field in &class.fields {
                    graph.add_field(program, &clients, id, field);
                }
            }
            for import in &facts.imports {
                graph.add_import(program, &clients, file, import);
            }
        }
        graph.spread(program);
        let functions: HashSet<FunctionId> = graph
            .hot
            .into_iter()
            .filter_map(|node| match node {
                Node::Function(id) => Some(id),
                Node::Name(_) => None,
            })
            .collect();
        let classes = program.classes().into_iter().filter(|class| {
            program.class(*class).methods.iter().any(|method| {
                functions.contains(&FunctionId {
                    file: class.file,
                    index: method.0,
                })
            })
        });
        Self {
            classes: classes.collect(),
            functions,
        }
    }

    /// Tells whether running a method of a class itself can matter.
    pub(crate) fn has_class(&self, class: ClassId) -> bool {
        self.classes.contains(&class)
    }

    /// Tells whether running a function can matter.
    pub(crate) fn contains(&self, function: FunctionId) -> bool {
        self.functions.contains(&function)
    }

    /// Tells whether nothing of the unit leads to Stripe.
    pub(crate) fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }
}

impl Graph {
    fn new() -> Self {
        Self {
            words: HashMap::default(),
            specials: HashMap::default(),
            language: SdkId::Php,
            classes: HashSet::default(),
            mentioned_by: Vec::new(),
            hot: HashSet::default(),
            todo: Vec::new(),
        }
    }

    fn id(&mut self, word: &str) -> Id {
        let words = self.words.entry(self.language).or_default();
        if let Some(id) = words.get(word) {
            return *id;
        }
        let id = Id(number(self.mentioned_by.len()));
        self.mentioned_by.push(Vec::new());
        words.insert(word.into(), id);
        id
    }

    fn special(&mut self, what: Special) -> Id {
        let next = Id(number(self.mentioned_by.len()));
        let id = *self.specials.entry(what).or_insert(next);
        if id == next {
            self.mentioned_by.push(Vec::new());
        }
        id
    }

    fn heat(&mut self, node: Node) {
        if self.hot.insert(node) {
            self.todo.push(node);
        }
    }

    fn mention(&mut self, node: Node, name: &str) {
        let name = name.trim_start_matches('$');
        if name.is_empty() {
            return;
        }
        let id = self.id(name);
        self.mention_id(node, id);
    }

    fn mention_id(&mut self, node: Node, id: Id) {
        let mentioned_by = &mut self.mentioned_by[id.0 as usize];
        if mentioned_by.last() != Some(&node) {
            mentioned_by.push(node);
        }
    }

    fn add_function(&mut self, program: &Program<'_>, clients: &HttpNames, id: FunctionId) {
        let function = program.function(id);
        let node = Node::Function(id);
        let mut exprs = Vec::new();
        visit::expressions(&function.body, &mut |expr| exprs.push(expr));
        for param in &function.params {
            param
                .default
                .iter()
                .for_each(|default| visit::walk(default, &mut |expr| exprs.push(expr)));
            if let Some(ty) = &param.ty {
                self.mention_type(program, id.file, node, ty);
                if let ExprKind::Name(name) = &param.target.kind {
                    let name = Node::Name(self.id(name.trim_start_matches('$')));
                    self.mention_type(program, id.file, name, ty);
                }
            }
        }
        for decorator in &function.decorators {
            // A decorator hands things to its function, when the module is run.
            let module = Node::Function(FunctionId { index: 0, ..id });
            self.mentions(program, clients, id.file, node, decorator);
            self.mentions(program, clients, id.file, module, decorator);
        }
        if let Some(class) = program.class_around(id) {
            // A class that is made from something hot has it in all its methods.
            let name = self.id(last(&program.class(class).name));
            let made = self.special(Special::Made(name));
            self.mention_id(node, made);
        }
        if let Some(ty) = &function.returns {
            self.mention_type(program, id.file, node, ty);
        }
        for expr in &exprs {
            self.mention_expr(program, clients, id.file, node, expr);
            self.hand_over(program, clients, id.file, node, expr);
        }
        self.add_assignments(program, clients, id, function, &exprs);
        // What a nested function does, the one around it does.
        if let Some(parent) = function.parent {
            let inner = self.special(Special::Inner(id));
            let outer = Node::Function(FunctionId {
                file: id.file,
                index: parent.0,
            });
            if parent.0 != 0 || function.kind == FunctionKind::Closure {
                self.mention_id(outer, inner);
            }
        }
    }

    /// Links what is assigned to what the value mentions; `exprs` are all that the function holds.
    fn add_assignments(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        id: FunctionId,
        function: &Function,
        exprs: &[&Expr],
    ) {
        let mut pairs: Vec<(&Expr, Option<&Expr>, Option<&Type>)> = Vec::new();
        visit::bound_by_statements(&function.body, &mut |target, value, ty| {
            pairs.push((target, value, ty));
        });
        for expr in exprs {
            if let ExprKind::Assign { target, value } = &expr.kind {
                pairs.push((target, Some(value), None));
            }
        }
        let is_module = id.index == 0;
        let has_outer = is_module || function.body.iter().any(is_outer);
        for (target, value, ty) in pairs {
            let name = match &target.kind {
                ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
                    property
                }
                ExprKind::Name(name) if has_outer => name,
                ExprKind::Global(name) => name,
                _ => continue,
            };
            let name = self.id(last(name.trim_start_matches('$')));
            if let Some(value) = value {
                self.mentions(program, clients, id.file, Node::Name(name), value);
            }
            if let Some(ty) = ty {
                self.mention_type(program, id.file, Node::Name(name), ty);
            }
        }
    }

    fn add_field(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        class: ClassId,
        field: &Field,
    ) {
        let name = Node::Name(self.id(&field.name));
        if let Some(value) = &field.value {
            self.mentions(program, clients, class.file, name, value);
        }
        if let Some(ty) = &field.ty {
            self.mention_type(program, class.file, name, ty);
        }
    }

    fn add_import(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        file: FileId,
        import: &model::facts::Import,
    ) {
        let facts = program.file(file);
        if facts.language() == Language::Php {
            return;
        }
        let local = self.id(&import.local);
        let found = program
            .modules
            .find(facts.language(), &facts.source.path, &import.module);
        match found {
            ModuleRef::Sdk(..) => {
                self.heat(Node::Name(local));
                if import.local.is_empty() {
                    self.heat(Node::Function(FunctionId { file, index: 0 }));
                }
            }
            ModuleRef::File(module) => match &import.item {
                ImportItem::Named(name) => {
                    if *name != import.local {
                        self.mention(Node::Name(local), name);
                    }
                }
                ImportItem::Default => {
                    for export in &program.file(module).exports {
                        if &*export.name == "default" || &*export.name == "=" {
                            match &export.value {
                                model::facts::ExportValue::Local(name) => {
                                    self.mention(Node::Name(local), name);
                                }
                                model::facts::ExportValue::From { item, .. } => {
                                    self.mention(Node::Name(local), item);
                                }
                                model::facts::ExportValue::Value(value) => {
                                    self.mentions(
                                        program,
                                        clients,
                                        module,
                                        Node::Name(local),
                                        value,
                                    );
                                }
                            }
                        }
                    }
                }
                ImportItem::Module | ImportItem::All => {}
            },
            ModuleRef::External => {
                let is_library = requests_itself(program, facts.language(), &import.module);
                if is_library || clients.modules.contains(&import.module) {
                    self.heat(Node::Name(local));
                }
            }
        }
    }

    fn mentions(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        file: FileId,
        node: Node,
        expr: &Expr,
    ) {
        let mut exprs = Vec::new();
        visit::walk(expr, &mut |expr| exprs.push(expr));
        for expr in exprs {
            self.mention_expr(program, clients, file, node, expr);
            self.hand_over(program, clients, file, node, expr);
        }
    }

    /// Links what a call is given to what it makes; calls among that are visited by themselves.
    fn hand_over(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        file: FileId,
        node: Node,
        call: &Expr,
    ) {
        let (ExprKind::New {
            class: callee,
            arguments,
        }
        | ExprKind::Call { callee, arguments }) = &call.kind
        else {
            return;
        };
        let own = match (&callee.kind, node) {
            (ExprKind::Class(_), Node::Function(id)) => program
                .class_around(id)
                .map(|class| last(&program.class(class).name)),
            _ => None,
        };
        let Some(name) = called_class(callee).or(own) else {
            return;
        };
        let name = self.id(name);
        if !self.classes.contains(&name) {
            return;
        }
        let instance = self.special(Special::Instance(name));
        self.mention_id(node, instance);
        let made = Node::Name(self.special(Special::Made(name)));
        for argument in arguments {
            let mut exprs = Vec::new();
            visit::walk(&argument.value, &mut |expr| exprs.push(expr));
            for expr in exprs {
                self.mention_expr(program, clients, file, made, expr);
            }
        }
    }

    fn mention_expr(
        &mut self,
        program: &Program<'_>,
        clients: &HttpNames,
        file: FileId,
        node: Node,
        expr: &Expr,
    ) {
        match &expr.kind {
            ExprKind::Name(name) => {
                if is_stripe_name(name) || clients.functions.contains(name) {
                    self.heat(node);
                }
                self.mention(node, name);
            }
            ExprKind::Global(name) => {
                let name = last(name);
                if clients.functions.contains(name) || is_stripe_name(name) {
                    self.heat(node);
                }
                self.mention(node, name);
            }
            ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
                if is_stripe_name(property) || clients.functions.contains(property) {
                    self.heat(node);
                }
                self.mention(node, property);
            }
            ExprKind::Class(ClassRef::Named(name)) => self.mention_class(program, node, name),
            ExprKind::Text(text) => {
                if names_stripe(text) {
                    self.heat(node);
                }
                if text.len() <= MAX_NAME && is_identifier(text) {
                    self.mention(node, last(text));
                }
            }
            ExprKind::Require(module) => {
                let facts = program.file(file);
                let found = program
                    .modules
                    .find(facts.language(), &facts.source.path, module);
                match found {
                    ModuleRef::Sdk(..) => self.heat(node),
                    ModuleRef::External if clients.modules.contains(module) => self.heat(node),
                    ModuleRef::File(module) => {
                        let module = self.special(Special::Module(module));
                        self.mention_id(node, module);
                    }
                    ModuleRef::External => {}
                }
            }
            ExprKind::Function(index) => {
                let inner = self.special(Special::Inner(FunctionId {
                    file,
                    index: index.0,
                }));
                self.mention_id(node, inner);
            }
            ExprKind::ClassLiteral(index) => {
                if let Some(class) = program.file(file).classes.get(index.0 as usize) {
                    self.mention(node, last(&class.name));
                }
            }
            ExprKind::Cast { ty, .. } => self.mention_type(program, file, node, ty),
            _ => {}
        }
    }

    fn mention_class(&mut self, program: &Program<'_>, node: Node, name: &str) {
        if program.php_sdk_class(name).is_some() || requests_itself(program, Language::Php, name) {
            self.heat(node);
        }
        self.mention(node, last(name));
    }

    fn mention_type(&mut self, program: &Program<'_>, file: FileId, node: Node, ty: &Type) {
        match ty {
            Type::Named { name, arguments } => {
                if program.language(file) == Language::Php {
                    self.mention_class(program, node, name);
                } else {
                    if name.starts_with("import:stripe") {
                        self.heat(node);
                    }
                    name.split(['.', '#'])
                        .for_each(|part| self.mention(node, part));
                }
                for ty in arguments {
                    self.mention_type(program, file, node, ty);
                }
            }
            Type::Union(all) => {
                for ty in all {
                    self.mention_type(program, file, node, ty);
                }
            }
            Type::List(inner) | Type::ClassOf(inner) => {
                self.mention_type(program, file, node, inner);
            }
            Type::Object(members) => {
                for (_, ty) in members {
                    self.mention_type(program, file, node, ty);
                }
            }
            Type::Of(name) => name.split('.').for_each(|part| self.mention(node, part)),
            Type::Literal(_) | Type::Unknown => {}
        }
    }

    /// Follows the names until nothing new becomes hot.
    fn spread(&mut self, program: &Program<'_>) {
        while let Some(node) = self.todo.pop() {
            let name = match node {
                Node::Name(name) => name,
                Node::Function(id) => {
                    self.language = sdk_of(program.language(id.file));
                    let function = program.function(id);
                    let own = self.special(Special::Inner(id));
                    self.heat_name(own);
                    if id.index == 0 {
                        let module = self.special(Special::Module(id.file));
                        self.heat_name(module);
                        continue;
                    }
                    self.heat_class(program, id, function);
                    if function.name.is_empty() {
                        continue;
                    }
                    self.id(last(&function.name))
                }
            };
            self.heat_name(name);
        }
    }

    fn heat_name(&mut self, name: Id) {
        self.hot.insert(Node::Name(name));
        for node in std::mem::take(&mut self.mentioned_by[name.0 as usize]) {
            self.heat(node);
        }
    }

    /// A method makes hot what makes instances of its class; one that is called without its name, also what
    /// names the class.
    fn heat_class(&mut self, program: &Program<'_>, id: FunctionId, function: &Function) {
        let is_nameless = function.kind == FunctionKind::Constructor
            || function.name.starts_with("__")
            || function.kind == FunctionKind::Closure;
        let Some(class) = program.class_around(id) else {
            return;
        };
        let name = self.id(last(&program.class(class).name));
        let made = self.special(Special::Instance(name));
        self.heat(Node::Name(made));
        if is_nameless {
            self.heat(Node::Name(name));
        }
    }
}

/// Names by which code can reach an HTTP client; none where the unit knows no URL of Stripe.
#[derive(Default)]
struct HttpNames {
    functions: HashSet<Name>,
    modules: HashSet<Name>,
}

impl HttpNames {
    fn new(program: &Program<'_>) -> Self {
        let mut names = Self::default();
        let has_url = program
            .files()
            .any(|(_, facts)| HOSTS.iter().any(|host| facts.source.text.contains(host)));
        if !has_url {
            return names;
        }
        names.functions.insert("curl_exec".into());
        for row in program.catalog.http.iter() {
            match &row.callee {
                HttpCallee::Function(name) => {
                    names.functions.insert(last(name).into());
                }
                HttpCallee::Module { module, .. } => {
                    names.modules.insert(module.clone());
                }
                HttpCallee::Method { class, .. } => {
                    names.functions.insert(last(class).into());
                }
            }
        }
        names
    }
}

/// Returns the SDK of a language; the dialects of JavaScript share one.
pub(crate) fn sdk_of(language: Language) -> SdkId {
    match language {
        Language::Php => SdkId::Php,
        Language::Python => SdkId::Python,
        Language::JavaScript | Language::TypeScript | Language::Tsx => SdkId::Node,
    }
}

fn is_outer(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Outer(_) | Stmt::Shared(_))
}

/// Returns the last part of the name of what a call calls, or of what that call's result came from.
fn called_class(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Global(name) | ExprKind::Class(ClassRef::Named(name)) => {
            Some(last(name))
        }
        ExprKind::Member { object, property } => called_class(object).map(|_| last(property)),
        ExprKind::Call { callee, .. } => called_class(callee),
        _ => None,
    }
}

/// Returns the last part of a qualified name.
pub(crate) fn last(name: &str) -> &str {
    let is_border = |byte: &u8| matches!(byte, b'\\' | b'.' | b':' | b'#');
    let border = name.as_bytes().iter().rposition(is_border);
    border.map_or(name, |border| &name[border + 1..])
}

/// Tells whether a text can name a class of the SDK or a place of the API.
fn names_stripe(text: &str) -> bool {
    HOSTS.iter().any(|host| text.contains(host))
        || text
            .split('\\')
            .any(|part| part.eq_ignore_ascii_case("stripe"))
        || text.starts_with("Stripe_")
}

fn is_identifier(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '\\' | ':' | '.'))
}
