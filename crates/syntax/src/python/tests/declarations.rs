use super::{facts, show};
use crate::python::types;

fn functions(source: &str) -> String {
    show::functions(&facts(source))
}

fn classes(source: &str) -> String {
    show::classes(&facts(source))
}

#[test]
fn functions_bind_their_names() {
    let facts = facts("def f():\n  def g(): pass\n  return g\nclass C: pass");
    assert_eq!(show::module(&facts), "fn1; class0");
    assert_eq!(
        show::functions(&facts),
        "Function f() {fn2; return g}\nFunction g() {}"
    );
    assert_eq!(facts.functions[2].parent.map(|parent| parent.0), Some(1));
}

#[test]
fn parameters() {
    assert_eq!(
        functions(
            "async def f(a, /, b: int, *args: T, c=1, d: 'stripe.X' = g(), **kw) -> Awaitable[X]: pass"
        ),
        "Function f(a, b: int, *args: T, c = 1, d: stripe.X = g(), **kw) -> X {}",
    );
    assert_eq!(functions("def f(a, *, b): pass"), "Function f(a, b) {}");
    assert_eq!(
        functions("def f(c: Annotated[Client, Depends(client)]): pass"),
        "Function f(c: Client = Depends(client)) {}",
    );
}

#[test]
fn decorators() {
    assert_eq!(
        functions("@app.get('/x')\n@login\ndef _f(): pass"),
        r#"@app.get("/x") @login private Function _f() {}"#,
    );
}

#[test]
fn the_first_parameter_is_the_receiver() {
    let source = "
class C(Base):
  def __init__(self, api): self.api = api
  def m(this, x):
    def inner(): return this.api
    def shadow(this): return this
    return [lambda: this, super().m(x), super(C, this).m(), type(this)(x), this.__class__, __class__]
  @staticmethod
  def s(self): return self
  @classmethod
  def k(cls, x): return cls.api(x)
  def __new__(klass): return klass()
  @validator('x')
  def v(cls): return cls
";
    assert_eq!(
        functions(source),
        "Constructor class0.__init__(api) {this.api = api}
Method class0.m(x) {fn3; fn4; return [fn5, <Parent>.m(x), <Parent>.m(), <Static>(x), <Static>, <Own>]}
Function inner() {return this.api}
Function shadow(this) {return this}
Closure () {return this}
@staticmethod Static class0.s(self) {return self}
@classmethod Static class0.k(x) {return <Static>.api(x)}
Static class0.__new__() {return <Static>()}
@validator(\"x\") Static class0.v() {return <Static>}",
    );
}

#[test]
fn properties() {
    let source = "
class C:
  @property
  def a(self): return 1
  @functools.cached_property
  def b(self): return 2
  @a.setter
  def a(self, v): self._a = v
  def _p(self): pass
  def __call__(): pass
";
    assert_eq!(
        functions(source),
        "@property Getter class0.a() {return 1}
@functools.cached_property Getter class0.b() {return 2}
@a.setter Setter class0.a(v) {this._a = v}
private Method class0._p() {}
Method class0.__call__() {}",
    );
}

#[test]
fn classes_declare_fields() {
    assert_eq!(
        classes(
            "@d\nclass C(a.B, G[T], metaclass=M):\n  x = y = 1\n  z: T = f()\n  w: U\n  def m(self): pass"
        ),
        "@d Class C(a.B, G) {static x = 1, static y = 1, static z: T = f(), static w: U} [1]",
    );
    assert_eq!(
        classes("class C(six.with_metaclass(M, B)): pass"),
        "Class C(B) {} []"
    );
}

#[test]
fn fields_of_records_belong_to_instances() {
    assert_eq!(
        classes("@dataclasses.dataclass(frozen=True)\nclass C:\n  x: A\n  n: ClassVar[int] = 1"),
        "@dataclasses.dataclass(frozen=true) Class C() {x: A, static n: int = 1} []",
    );
}

#[test]
fn kinds_of_classes() {
    assert_eq!(
        classes("class A(str, enum.Enum):\n  X = 'x'\nclass B(Protocol[T]):\n  def m(self): ..."),
        "Enum A(str, enum.Enum) {static X = \"x\"} []\nInterface B(Protocol) {} [1]",
    );
}

#[test]
fn a_nested_class_is_a_field() {
    let facts = facts("class A:\n  class Meta:\n    x = 1\n");
    assert_eq!(show::module(&facts), "class0");
    assert_eq!(
        show::classes(&facts),
        "Class A() {static Meta = class1} []\nClass Meta() {static x = 1} []",
    );
}

#[test]
fn other_statements_of_a_class_are_kept() {
    let facts = facts(
        "class A:\n  'doc'\n  f()\n  if g():\n    x = 1\n    def m(self): pass\n  else:\n    x = 2\n  try:\n    y = 1\n  except E: y = 2\n  a.b = h()\n  for i in j(): k(i)\n",
    );
    assert_eq!(
        show::module(&facts),
        "f(); g(); a.b = h(); loop for i in j() {k(i)}; class0",
    );
    assert_eq!(
        show::classes(&facts),
        "Class A() {static x = 1, static x = 2, static y = 1, static y = 2} [1]",
    );
}

#[test]
fn named_types() {
    let facts = facts(
        "class T(TypedDict):\n  a: A\n  b: NotRequired['B']\nX = Optional[stripe.Price]\nY: TypeAlias = 'Z'\ntype W[T] = list[T]\nd = {}['x']",
    );
    assert_eq!(
        show::types(&facts),
        "T = {a: A, b: B}\nX = stripe.Price\nY = Z\nW = List<T>",
    );
}

#[test]
fn annotations() {
    for (written, expected) in [
        ("stripe.Customer", "stripe.Customer"),
        ("'stripe.Customer'", "stripe.Customer"),
        ("Optional[X]", "X"),
        ("typing.Optional['X']", "X"),
        ("Union[X, Y, None]", "X | Y"),
        ("X | None", "X"),
        ("None", "None"),
        ("X | Y[Z]", "X | Y[Z]"),
        ("Iterator[List[X]]", "List<List<X>>"),
        ("AsyncGenerator[X, None]", "List<X>"),
        ("Coroutine[Any, Any, X]", "X"),
        ("Type[X]", "ClassOf<X>"),
        ("type[a.X]", "ClassOf<a.X>"),
        ("Literal['a', \"b\"]", r#""a" | "b""#),
        ("Literal['a']", r#""a""#),
        ("Annotated[X, Depends(f(1, 2)), 'y']", "X"),
        ("Final[X]", "X"),
        ("Final", "?"),
        ("Any", "?"),
        ("dict[str, X]", "dict[str, X]"),
        ("tuple[X, ...]", "List<X>"),
        ("tuple[X, Y]", "tuple[X, Y]"),
        ("Callable[[A, B], X]", "Callable[?, X]"),
        ("Callable[..., X]", "Callable[?, X]"),
        ("stripe.ListObject[X]", "stripe.ListObject[X]"),
        ("orm.List[X]", "orm.List[X]"),
        ("Dict[\n  str,  # name\n  X,\n]", "Dict[str, X]"),
        ("X[", "X"),
        ("] X", "?"),
        ("1 + 2", "?"),
        ("f(x)", "f"),
        ("", "?"),
    ] {
        assert_eq!(show::ty(&types::parse(written)), expected, "{written}");
    }
}
