import HoneyCore
import HoneyWorld

/// Hadoop's settings by name, with units on times such as `30s` or `5m`, and on bytes such as `128m`.
struct HadoopProperties {
    let properties: [String: String]

    init(_ properties: [String: String]) { self.properties = properties }

    private func text(_ name: String) -> String? {
        guard let text = properties[name] else { return nil }
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private func invalid(_ name: String, _ wanted: String) -> HoneyError {
        HoneyError(.environment, "INVALID_SETTING", "setting must be \(wanted): \(name) = \(properties[name] ?? "")")
    }

    func read(_ name: String, _ value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let number = Int(text), number >= 0 else { throw invalid(name, "a whole number") }
        value = number
    }

    /// Reads a number of bytes, which may end with `k`, `m`, `g`, `t`, `p` or `e`: 1024 times, and so on.
    func read(_ name: String, bytes value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        let suffix = text.last.flatMap { last in
            ["k", "m", "g", "t", "p", "e"].firstIndex(of: last.lowercased())
        }
        guard let number = Int(suffix == nil ? text[...] : text.dropLast()), number >= 0 else {
            throw invalid(name, "a number of bytes")
        }
        let product = number.multipliedReportingOverflow(by: 1 << (10 * (suffix.map { $0 + 1 } ?? 0)))
        guard !product.overflow else { throw invalid(name, "a number of bytes") }
        value = product.partialValue
    }

    func read(_ name: String, _ value: inout Double) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let number = Double(text), number.isFinite, number >= 0 else { throw invalid(name, "a number") }
        value = number
    }

    func read(_ name: String, _ value: inout Bool) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let truth = Bool(text.lowercased()) else { throw invalid(name, "true or false") }
        value = truth
    }

    /// Reads a time; `unit` is what a number without a unit counts, in nanoseconds.
    func read(_ name: String, unit: Int, _ value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        let units: [(String, Int)] = [
            ("ms", .milliseconds(1)), ("us", 1_000), ("ns", 1), ("s", .seconds(1)), ("m", .seconds(60)),
            ("h", .seconds(3_600)), ("d", .seconds(86_400)),
        ]
        var digits = Substring(text)
        var scale = unit
        if let (suffix, nanoseconds) = units.first(where: { text.lowercased().hasSuffix($0.0) }) {
            digits = digits.dropLast(suffix.count)
            scale = nanoseconds
        }
        guard let number = Int(digits), number >= 0 else { throw invalid(name, "a time") }
        let product = number.multipliedReportingOverflow(by: scale)
        guard !product.overflow else { throw invalid(name, "a time") }
        value = product.partialValue
    }
}
