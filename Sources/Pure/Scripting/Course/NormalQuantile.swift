import Pacing

/// Φ⁻¹, the value that a standard normal variable stays below with probability p; 0 < p < 1.
///
/// Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988): about 1 part in 10^16.
func normalQuantile(_ p: Double) -> Double {
  let q = p - 0.5
  if q.magnitude <= 0.425 {
    let r = 0.180625 - q * q
    return q * ratio(r, central.over, central.under)
  }
  let r = (-naturalLogarithm(q < 0 ? p : 1 - p)).squareRoot()
  let tail = r <= 5 ? ratio(r - 1.6, middle.over, middle.under) : ratio(r - 5, far.over, far.under)
  return q < 0 ? -tail : tail
}

private typealias Coefficients = (Double, Double, Double, Double, Double, Double, Double, Double)

/// Two polynomials of degree 7, coefficients from the lowest on, one over the other.
private func ratio(_ r: Double, _ a: Coefficients, _ b: Coefficients) -> Double {
  let over = ((((((a.7 * r + a.6) * r + a.5) * r + a.4) * r + a.3) * r + a.2) * r + a.1) * r + a.0
  let under = ((((((b.7 * r + b.6) * r + b.5) * r + b.4) * r + b.3) * r + b.2) * r + b.1) * r + b.0
  return over / under
}

private let central: (over: Coefficients, under: Coefficients) = (
  (
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727
  ),
  (
    1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
    39307.895800092710610, 28729.085735721942674, 5226.4952788528545610
  )
)

private let middle: (over: Coefficients, under: Coefficients) = (
  (
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4
  ),
  (
    1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
    0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9
  )
)

private let far: (over: Coefficients, under: Coefficients) = (
  (
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
    0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7
  ),
  (
    1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15
  )
)
