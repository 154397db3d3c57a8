import HoneyCore
import HoneyWorld

/// Hadoop's settings by name, with units on times such as `30s` or `5m` and on sizes such as `128m`.
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

    /// Reads bytes, which may be counted in `k`, `m`, `g`, `t`, `p` or `e`: powers of 1024.
    func read(_ name: String, bytes value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        var digits = Substring(text)
        var scale = 1
        if let suffix = text.lowercased().last, let place = Array("kmgtpe").firstIndex(of: suffix) {
            digits = digits.dropLast()
            scale = 1 << (10 * (place + 1))
        }
        guard let number = Int(digits), number >= 0 else { throw invalid(name, "a number of bytes") }
        let product = number.multipliedReportingOverflow(by: scale)
        guard !product.overflow else { throw invalid(name, "a number of bytes") }
        value = product.partialValue
    }

    /// Reads the low nine bits of a POSIX mode, written in octal.
    func read(_ name: String, octal value: inout Int) throws(HoneyError) {
        guard let text = text(name) else { return }
        guard let mode = Int(text, radix: 8), 0...0o777 ~= mode else { throw invalid(name, "an octal mode") }
        value = mode
    }

    /// Longer times mean for ever, and sums of several of them must still be times.
    private static let longestTime = Int.seconds(10 * 365 * 86_400)

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
        value = min(product.partialValue, Self.longestTime)
    }
}
