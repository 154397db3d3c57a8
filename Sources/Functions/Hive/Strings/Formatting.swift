import Foundation
import HoneyCore
import HoneyPlan

/// Functions that make texts of values by a pattern.
enum Formatting {
    static let all: [any ScalarFunction] = [
        FormatNumber(), Printf(),
        SimpleFunction(
            "parse_url",
            FunctionDocumentation(
                .string, usage: "parse_url(url, part[, key])",
                summary:
                    "Takes HOST, PATH, QUERY, REF, PROTOCOL, AUTHORITY, FILE or USERINFO of a URL, or one value of its query.",
                example: ("select parse_url('http://a.com/p?x=1', 'QUERY', 'x')", "1")),
            signatures: [Signature([.string, .string], .string), Signature([.string, .string, .string], .string)]
        ) { site in
            RowKernel.string(site) { part($0.string(1), of: $0.string(0), key: $0.count > 2 ? $0.string(2) : nil) }
        },
    ]

    private static func part(_ part: String, of text: String, key: String?) -> String? {
        guard let url = URLComponents(string: text), url.scheme != nil else { return nil }
        if let key {
            guard part == "QUERY", let query = url.percentEncodedQuery else { return nil }
            return query.split(separator: "&").first { $0.hasPrefix(key + "=") }.map {
                String($0.dropFirst(key.count + 1))
            }
        }
        let query = url.percentEncodedQuery
        let user = url.percentEncodedUser.map { user in user + (url.percentEncodedPassword.map { ":" + $0 } ?? "") }
        switch part {
        case "HOST": return url.percentEncodedHost
        case "PATH": return url.percentEncodedPath
        case "QUERY": return query
        case "REF": return url.percentEncodedFragment
        case "PROTOCOL": return url.scheme
        case "FILE": return url.percentEncodedPath + (query.map { "?" + $0 } ?? "")
        case "USERINFO": return user
        case "AUTHORITY":
            return url.percentEncodedHost.map { host in
                (user.map { $0 + "@" } ?? "") + host + (url.port.map { ":\($0)" } ?? "")
            }
        default: return nil
        }
    }
}

/// `format_number(number, decimals)`: groups of three digits, rounded half to even as Java does.
struct FormatNumber: ScalarFunction {
    let name = "format_number"
    let documentation = FunctionDocumentation(
        .string, usage: "format_number(number, decimals)",
        summary: "Writes a number with commas between groups of three digits and so many decimals.",
        example: ("select format_number(1234567.891, 2)", "1,234,567.89"))

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard arguments.count == 2 else {
            throw ArgumentErrors.count(of: name, usage: documentation.usage, arguments.count)
        }
        guard arguments[0].type.isImplicitlyConvertible(to: .double),
            arguments[1].type.isImplicitlyConvertible(to: .int)
        else {
            throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
        }
        let type: DataType =
            arguments[0].type.isInteger ? .bigint : arguments[0].type.isDecimal ? arguments[0].type : .double
        return Signature([type, .int], .string)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let type = site.arguments[0].type
        return RowKernel.string(site) { row in
            let decimals = row.int(1)
            guard (0...38).contains(decimals) else { return nil }
            var sink = ByteSink()
            switch type {
            case .bigint: IntegerText.append(row.bigint(0), to: &sink)
            case .decimal(_, let scale):
                let unscaled = type.physical == .int64 ? Int128(row.bigint(0)) : row.value(0, as: Int128.self)
                DecimalText.append(unscaled, scale: scale, to: &sink)
            default:
                guard row.double(0).isFinite else { return "\(row.double(0))" }
                sink.append(String(format: "%.\(decimals)f", row.double(0)))
            }
            return FormatNumber.grouped(sink.string, decimals: decimals)
        }
    }

    /// Cuts or fills the decimals of a plain number, rounding half to even, and groups its digits.
    static func grouped(_ text: String, decimals: Int) -> String {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        var digits = parts.first.map(Array.init) ?? ["0"]
        let fraction = parts.count > 1 ? Array(parts[1]) : []
        digits += fraction.prefix(decimals) + Array(repeating: "0", count: max(0, decimals - fraction.count))
        let rest = fraction.dropFirst(decimals)
        if let next = rest.first {
            let isTie = next == "5" && rest.dropFirst().allSatisfy { $0 == "0" }
            let isOdd = (digits.last?.wholeNumberValue ?? 0) % 2 == 1
            if next > "5" || next == "5" && (!isTie || isOdd) { digits = incremented(digits) }
        }
        let whole = digits.dropLast(decimals)
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0 && (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        if decimals > 0 { grouped += "." + String(digits.suffix(decimals)) }
        let isZero = digits.allSatisfy { $0 == "0" }
        return (isNegative && !isZero ? "-" : "") + grouped
    }

    private static func incremented(_ digits: [Character]) -> [Character] {
        var digits = digits
        for index in digits.indices.reversed() {
            if digits[index] != "9" {
                digits[index] = Character(String(digits[index].wholeNumberValue! + 1))
                return digits
            }
            digits[index] = "0"
        }
        return ["1"] + digits
    }
}

/// `printf(format, values…)`: the conversions of Java's Formatter that SQL values have.
struct Printf: ScalarFunction {
    let name = "printf"
    let aliases = ["format_string"]
    let documentation = FunctionDocumentation(
        .string, usage: "printf(format, value, ...)",
        summary: "Writes values by a format with %s, %d, %f, %e, %x, %o, %c, %b and %%.",
        example: ("select printf('%s has %d bees, %.1f%%', 'hive', 42, 99.5)", "hive has 42 bees, 99.5%"))

    func resolve(_ arguments: [Argument]) throws -> Signature {
        guard let format = arguments.first else { throw ArgumentErrors.count(of: name, usage: documentation.usage, 0) }
        guard format.type.isImplicitlyConvertible(to: .string) else {
            throw ArgumentErrors.types(of: name, usage: documentation.usage, arguments.map(\.type))
        }
        let types = arguments.dropFirst().map { argument -> DataType in
            argument.type.isInteger
                ? .bigint : argument.type.isDecimal || argument.type == .float ? .double : argument.type
        }
        return Signature([.string] + types, .string)
    }

    func makeKernel(for site: CallSite) throws -> Kernel {
        let types = site.arguments.map(\.type)
        return RowKernel.string(site, takesNulls: true) { row in
            guard !row.isNull(0) else { return nil }
            return try Printf.format(row.string(0), row: row, types: types)
        }
    }

    private static func format(_ pattern: String, row: ArgumentRow, types: [DataType]) throws -> String {
        var result = ""
        var rest = pattern[...]
        var next = 1
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            let flags = rest.prefix { "-+ 0,#.123456789".contains($0) }
            rest = rest.dropFirst(flags.count)
            guard let conversion = rest.popFirst() else { throw bad(pattern) }
            if conversion == "%" || conversion == "n" {
                result += conversion == "%" ? "%" : "\n"
                continue
            }
            guard next < row.count else { throw bad(pattern) }
            result += try text(row, next, types[next], flags: String(flags), conversion, pattern)
            next += 1
        }
        return result + rest
    }

    private static func text(
        _ row: ArgumentRow, _ index: Int, _ type: DataType, flags: String, _ conversion: Character, _ pattern: String
    ) throws -> String {
        let plain = flags.replacingOccurrences(of: ",", with: "")
        if row.isNull(index) || "sSbB".contains(conversion) {
            var sink = ByteSink()
            if row.isNull(index) {
                sink.append("null")
            } else {
                ValueText.append(row.columns[index], row: row.row, to: &sink)
            }
            let text =
                "Ss".contains(conversion) || row.isNull(index) ? sink.string : sink.string == "false" ? "false" : "true"
            return padded(conversion.isUppercase ? text.uppercased() : text, flags: plain)
        }
        switch (conversion, type) {
        case ("d", .bigint):
            let text = String(format: "%\(plain)ld", Int(row.bigint(index)))
            return flags.contains(",") ? FormatNumber.grouped(text, decimals: 0) : text
        case ("x", .bigint), ("X", .bigint), ("o", .bigint):
            return String(format: "%\(plain)l\(conversion)", Int(row.bigint(index)))
        case ("f", .double), ("e", .double), ("E", .double), ("g", .double), ("G", .double):
            let text = String(format: "%\(plain)\(conversion)", row.double(index))
            guard flags.contains(",") else { return text }
            return FormatNumber.grouped(text, decimals: text.split(separator: ".").dropFirst().first?.count ?? 0)
        case ("c", .bigint):
            guard let scalar = UnicodeScalar(UInt32(truncatingIfNeeded: row.bigint(index))) else { throw bad(pattern) }
            return padded(String(scalar), flags: plain)
        default: throw bad(pattern, "%\(conversion) does not take a \(type.name)")
        }
    }

    private static func padded(_ text: String, flags: String) -> String {
        let isLeft = flags.hasPrefix("-")
        let parts = flags.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let width = parts.first.flatMap { Int($0) } ?? 0
        let shown = parts.count > 1 ? String(text.prefix(Int(parts[1]) ?? text.count)) : text
        let fill = String(repeating: " ", count: max(0, min(width, CaseAndLength.maximumBytes) - shown.count))
        return isLeft ? shown + fill : fill + shown
    }

    private static func bad(_ pattern: String, _ why: String = "too few values, or an unknown conversion") -> HoneyError
    {
        HoneyError(.semantic, "BAD_FORMAT", "printf cannot apply the format '\(pattern)': \(why)")
    }
}
