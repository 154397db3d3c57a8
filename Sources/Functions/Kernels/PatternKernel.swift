import HoneyCore
import HoneyPlan

/// Matches text against patterns, which are compiled once when they are literals and once a run of equal ones otherwise.
enum PatternKernel {
    /// `like(text, pattern[, escape])`
    static func makeLike(for site: CallSite) throws -> Kernel {
        let compile = { (pattern: UnsafeBufferPointer<UInt8>, escape: [UInt8]?) in
            escape.map { LikePattern(pattern, escape: $0, escapesItself: true) } ?? LikePattern(pattern)
        }
        guard case .string(let text)? = site.arguments[1].constant else {
            return varying(compile) { $0.matches($1) }
        }
        var escape: [UInt8]?
        if site.arguments.count > 2 {
            guard case .string(let text)? = site.arguments[2].constant else {
                return varying(compile) { $0.matches($1) }
            }
            escape = Array(text.utf8)
        }
        let pattern = Array(text.utf8).withUnsafeBufferPointer { compile($0, escape) }
        return StrictKernel.make(.boolean) { arguments, count, validity in
            let buffer = Buffer(capacity: count)
            pattern.match(arguments[0].values(as: BytesView.self), count, into: buffer.pointer(to: UInt8.self))
            return Column(type: .boolean, count: count, validity: validity, data: buffer)
        }
    }

    /// `rlike(text, pattern)`
    static func makeRegularExpression(for site: CallSite) throws -> Kernel {
        guard case .string(let text)? = site.arguments[1].constant else {
            return varying({ bytes, _ in try RegularExpression(String(decoding: bytes, as: UTF8.self)) }) {
                $0.isFound(in: $1)
            }
        }
        let expression = try RegularExpression(text)
        return StrictKernel.make(.boolean) { arguments, count, validity in
            let views = arguments[0].values(as: BytesView.self)
            let buffer = Buffer(zeroed: count)
            let target = buffer.pointer(to: UInt8.self)
            for row in 0..<count where validity?[row] ?? true {
                target[row] = expression.isFound(in: BytesView.bytes(at: views + row)) ? 1 : 0
            }
            return Column(type: .boolean, count: count, validity: validity, data: buffer)
        }
    }

    /// Patterns that come with the rows.
    private static func varying<Pattern>(
        _ compile: @escaping (UnsafeBufferPointer<UInt8>, [UInt8]?) throws -> Pattern,
        _ matches: @escaping (Pattern, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Kernel {
        StrictKernel.make(.boolean) { arguments, count, validity in
            var latest: (text: [UInt8], escape: [UInt8]?, pattern: Pattern)?
            let buffer = Buffer(zeroed: count)
            let target = buffer.pointer(to: UInt8.self)
            for row in 0..<count where validity?[row] ?? true {
                let text = arguments[1].bytes(at: row)
                let escape = arguments.count > 2 ? Array(arguments[2].bytes(at: row)) : nil
                if latest == nil || latest!.escape != escape || !latest!.text.elementsEqual(text) {
                    latest = (Array(text), escape, try compile(text, escape))
                }
                target[row] = matches(latest!.pattern, arguments[0].bytes(at: row)) ? 1 : 0
            }
            return Column(type: .boolean, count: count, validity: validity, data: buffer)
        }
    }
}
