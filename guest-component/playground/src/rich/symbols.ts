/** The commands of LaTeX that stand for one character, or for a name set upright. */

const table = (text: string): ReadonlyMap<string, string> =>
  new Map(text.trim().split(/\s+/).map((pair) => pair.split("=") as [string, string]));

/** Identifiers: `<mi>`. */
export const LETTERS = table(`
  alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ
  mu=μ nu=ν xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ
  psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
  infty=∞ ell=ℓ hbar=ℏ Re=ℜ Im=ℑ aleph=ℵ emptyset=∅ varnothing=∅ partial=∂ nabla=∇
`);

/** Operators, relations and punctuation: `<mo>`. */
export const OPERATORS = table(String.raw`
  cdot=⋅ times=× div=÷ pm=± mp=∓ ast=∗ star=⋆ circ=∘ bullet=∙ oplus=⊕ otimes=⊗ odot=⊙ dagger=† setminus=∖
  leq=≤ le=≤ geq=≥ ge=≥ neq=≠ ne=≠ approx=≈ equiv=≡ sim=∼ simeq=≃ cong=≅ propto=∝ ll=≪ gg=≫ mid=∣ parallel=∥
  in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ cup=∪ cap=∩ wedge=∧ land=∧ vee=∨ lor=∨ veebar=⊻
  neg=¬ lnot=¬ forall=∀ exists=∃ perp=⟂ to=→ rightarrow=→ leftarrow=← leftrightarrow=↔ Rightarrow=⇒ Leftarrow=⇐
  Leftrightarrow=⇔ implies=⟹ iff=⟺ mapsto=↦ ldots=… dots=… cdots=⋯ vdots=⋮ ddots=⋱ prime=′ colon=:
  langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ lvert=| rvert=| vert=| lVert=‖ rVert=‖ Vert=‖ |=‖
  {={ }=} lbrace={ rbrace=} lbrack=[ rbrack=] %=% #=# &=& $=$ _=_ backslash=\
`);

/** Operators whose limits stand below and above them where a formula stands alone. */
export const LARGE = table("sum=∑ prod=∏ coprod=∐ bigcup=⋃ bigcap=⋂ bigwedge=⋀ bigvee=⋁ bigoplus=⨁ bigotimes=⨂");

export const INTEGRALS = table("int=∫ iint=∬ iiint=∭ oint=∮");

/** Names that are set upright; those in the second set have their limits below them. */
export const NAMES: ReadonlySet<string> = new Set(
  `arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh atan acos asin
  acosh asinh atanh acot acsc asec`.split(/\s+/),
);
export const LIMITS: ReadonlySet<string> = new Set("lim liminf limsup max min sup inf det gcd Pr".split(" "));

/** Marks over what they belong to. */
export const ACCENTS = table("hat=^ widehat=^ tilde=~ widetilde=~ bar=¯ overline=¯ vec=→ dot=˙ ddot=¨ check=ˇ");

/** Spaces, in `em`. */
export const SPACES: ReadonlyMap<string, string> = new Map([
  [",", "0.17em"], [":", "0.22em"], [">", "0.22em"], [";", "0.28em"], [" ", "0.25em"], ["!", "-0.17em"],
  ["quad", "1em"], ["qquad", "2em"],
]);
