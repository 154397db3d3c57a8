import HoneyCore

/// A format of `output.format.string`: text with `%s`, `%2$s`, `%-10.3S` and the like, as Java's `String.format` has it for
/// strings.
struct LineFormat {
    private enum Part {
        case literal(String)
        case column(Int, Style)
    }

    fileprivate struct Style {
        var width = 0
        var precision: Int?
        var isLeft = false
        var isUpper = false
    }

    private var parts: [Part] = []

    /// Fails with `INVALID_PROPERTY` for other conversions, and for columns that are not there.
    init(_ text: String, columnCount: Int) throws {
        var rest = Substring(text)
        var next = 0
        var last: Int?
        while let first = rest.first {
            guard first == "%" else {
                let literal = rest.prefix { $0 != "%" }
                parts.append(.literal(String(literal)))
                rest = rest.dropFirst(literal.count)
                continue
            }
            guard
                let match = rest.prefixMatch(
                    of:
                        #/%(?:(?<index>\d+)\$|(?<again><))?(?<left>-?)(?<width>[1-9]\d*)?(?:\.(?<precision>\d+))?(?<conversion>[sSn%])/#
                )
            else { throw Self.invalid(text, "only strings can be formatted") }
            rest = rest.dropFirst(match.0.count)
            if match.conversion == "%" || match.conversion == "n" {
                parts.append(.literal(match.conversion == "n" ? "\n" : "%"))
                continue
            }
            var column = next
            if let index = match.index {
                column = (Int(index) ?? 0) - 1
            } else if match.again != nil {
                guard let last else { throw Self.invalid(text, "nothing is before '<'") }
                column = last
            } else {
                next += 1
            }
            guard (0..<columnCount).contains(column) else {
                throw Self.invalid(text, "it asks for column \(column + 1) of \(columnCount)")
            }
            last = column
            parts.append(
                .column(
                    column,
                    Style(
                        width: try Self.number(match.width, text) ?? 0,
                        precision: try Self.number(match.precision, text),
                        isLeft: !match.left.isEmpty, isUpper: match.conversion == "S")))
        }
    }

    private static func number(_ digits: Substring?, _ text: String) throws -> Int? {
        guard let digits else { return nil }
        guard let number = Int(digits), number <= 1 << 20 else { throw invalid(text, "a width is too large") }
        return number
    }

    private static func invalid(_ text: String, _ reason: String) -> HoneyError {
        HoneyError(.data, "INVALID_PROPERTY", "output.format.string is not usable (\(reason)): \(text)")
    }

    /// Appends a row; null is the word `null`.
    func append(_ columns: [Column], row: Int, to sink: inout ByteSink) {
        for part in parts {
            switch part {
            case .literal(let text): sink.append(text)
            case .column(let index, let style):
                var value = ByteSink()
                if columns[index].isNull(at: row) {
                    value.append("null")
                } else {
                    ValueText.append(columns[index], row: row, to: &value)
                }
                style.append(value, to: &sink)
            }
        }
    }
}

extension LineFormat.Style {
    fileprivate func append(_ value: ByteSink, to sink: inout ByteSink) {
        guard width > 0 || precision != nil || isUpper else { return sink.append(value) }
        var text = value.string
        if let precision { text = String(text.prefix(precision)) }
        if isUpper { text = text.uppercased() }
        let missing = width - text.utf16.count
        if !isLeft { sink.append(repeating: 0x20, count: missing) }
        sink.append(text)
        if isLeft { sink.append(repeating: 0x20, count: missing) }
    }
}

/// Turns rows into lines by a format.
final class LineFormatEncoder: RecordEncoder {
    private let format: LineFormat

    init(_ format: LineFormat) { self.format = format }

    func encode(_ batch: Batch, emit: (UnsafeRawBufferPointer) throws -> Void) throws {
        var line = ByteSink()
        for index in 0..<batch.rowCount {
            line.removeAll()
            format.append(batch.columns, row: batch.selection?[index] ?? index, to: &line)
            try line.withBytes { try emit(UnsafeRawBufferPointer($0)) }
        }
    }
}
