import Foundation
import HoneyCore
import HoneyPlan

/// Functions of double-precision numbers.
enum RealFunctions {
    static let all: [any ScalarFunction] = [
        real("sqrt", "Gives the square root; NaN of a negative number.", ("select sqrt(16)", "4.0")) {
            $0.squareRoot()
        },
        real("cbrt", "Gives the cube root.", ("select cbrt(27)", "3.0")) { number in
            // One step of Newton's method takes the last bit's error away.
            let root = Foundation.cbrt(number)
            return root.isFinite && root != 0 ? root - (root * root * root - number) / (3 * root * root) : root
        },
        real("exp", "Raises e to a power.", ("select exp(0)", "1.0")) { Foundation.exp($0) },
        optional("ln", "Gives the natural logarithm; null of a number that is not positive.", ("select ln(1)", "0.0")) {
            $0 > 0 ? Foundation.log($0) : nil
        },
        optional("log2", "Gives the logarithm to base 2.", ("select log2(8)", "3.0")) {
            $0 > 0 ? Foundation.log2($0) : nil
        },
        optional("log10", "Gives the logarithm to base 10.", ("select log10(1000)", "3.0")) {
            $0 > 0 ? Foundation.log10($0) : nil
        },
        SimpleFunction(
            "log",
            FunctionDocumentation(
                .mathematical, usage: "log([base, ]number)",
                summary: "Gives the logarithm to a base, or the natural one.",
                example: ("select log(2, 8)", "3.0")),
            signatures: [Signature([.double], .double), Signature([.double, .double], .double)]
        ) { site in
            RowKernel.values(site, Double.self) { row in
                let number = row.double(row.count - 1)
                guard number > 0 else { return nil }
                guard row.count > 1 else { return Foundation.log(number) }
                return row.double(0) > 1 ? Foundation.log(number) / Foundation.log(row.double(0)) : nil
            }
        },
        SimpleFunction(
            "pow", aliases: ["power"],
            FunctionDocumentation(
                .mathematical, usage: "pow(base, exponent)", summary: "Raises a number to a power.",
                example: ("select pow(2, 10)", "1024.0")),
            signatures: [Signature([.double, .double], .double)]
        ) { site in RowKernel.values(site, Double.self) { Foundation.pow($0.double(0), $0.double(1)) } },
        real("sin", "Gives the sine of an angle in radians.", ("select sin(0)", "0.0")) { Foundation.sin($0) },
        real("cos", "Gives the cosine of an angle in radians.", ("select cos(0)", "1.0")) { Foundation.cos($0) },
        real("tan", "Gives the tangent of an angle in radians.", ("select tan(0)", "0.0")) { Foundation.tan($0) },
        real("asin", "Gives the angle of a sine, in radians.", ("select asin(0)", "0.0")) { Foundation.asin($0) },
        real("acos", "Gives the angle of a cosine, in radians.", ("select acos(1)", "0.0")) { Foundation.acos($0) },
        real("atan", "Gives the angle of a tangent, in radians.", ("select atan(0)", "0.0")) { Foundation.atan($0) },
        real("degrees", "Turns radians into degrees.", ("select degrees(pi())", "180.0")) { $0 * 180 / .pi },
        real("radians", "Turns degrees into radians.", ("select radians(180) = pi()", "true")) { $0 * .pi / 180 },
        real("sign", "Gives -1.0, 0.0 or 1.0.", ("select sign(-7)", "-1.0")) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
        constant(
            "pi", "Gives the ratio of a circle's circumference to its diameter.", ("select pi()", "3.141592653589793"),
            .pi),
        constant("e", "Gives the base of natural logarithms.", ("select e()", "2.718281828459045"), M_E),
        SimpleFunction(
            "factorial",
            FunctionDocumentation(
                .mathematical, usage: "factorial(n)",
                summary: "Multiplies the numbers from 1 to n; null outside 0 to 20.",
                example: ("select factorial(5)", "120")),
            signatures: [Signature([.int], .bigint)]
        ) { site in
            RowKernel.values(site, Int64.self) { row in
                let n = row.int(0)
                return (0...20).contains(n) ? (0..<n).reduce(1) { $0 * Int64($1 + 1) } : nil
            }
        },
        SimpleFunction(
            "rand",
            FunctionDocumentation(
                .mathematical, usage: "rand([seed])",
                summary: "Gives a random number from 0 up to 1, anew for each row.",
                example: ("select rand() between 0 and 1", "true")),
            signatures: [Signature([], .double), Signature([.bigint], .double)], isDeterministic: false
        ) { site in
            // Java's generator, so that a seed gives Hive's numbers.
            var state: UInt64
            if case .integer(let seed)? = site.arguments.first?.constant {
                state = (UInt64(bitPattern: seed) ^ 0x5_DEEC_E66D) & (1 << 48 - 1)
            } else {
                state = UInt64.random(in: 0..<1 << 48)
            }
            func next(_ bits: UInt64) -> UInt64 {
                state = (state &* 0x5_DEEC_E66D &+ 0xB) & (1 << 48 - 1)
                return state >> (48 - bits)
            }
            return { _, count in
                let buffer = Buffer(capacity: count * 8)
                let target = buffer.pointer(to: Double.self)
                for row in 0..<count { target[row] = Double(next(26) << 27 + next(27)) / Double(1 << 53) }
                return Column(type: .double, count: count, data: buffer)
            }
        },
        SimpleFunction(
            "width_bucket",
            FunctionDocumentation(
                .mathematical, usage: "width_bucket(value, low, high, buckets)",
                summary: "Gives the bucket of a value among equal ones between two bounds; 0 below, one more above.",
                example: ("select width_bucket(5.3, 0.2, 10.6, 5)", "3")),
            signatures: [Signature([.double, .double, .double, .int], .int)]
        ) { site in
            RowKernel.values(site, Int32.self) { row in
                let (value, low, high, buckets) = (row.double(0), row.double(1), row.double(2), row.int(3))
                guard buckets > 0, low != high, value.isFinite else { return nil }
                let share = (value - low) / (high - low)
                if share < 0 { return 0 }
                return Int32(truncatingIfNeeded: share >= 1 ? buckets + 1 : Int(share * Double(buckets)) + 1)
            }
        },
    ]

    private static func real(
        _ name: String, _ summary: String, _ example: (String, String), _ body: @escaping @Sendable (Double) -> Double
    ) -> SimpleFunction {
        optional(name, summary, example, body)
    }

    private static func optional(
        _ name: String, _ summary: String, _ example: (String, String), _ body: @escaping @Sendable (Double) -> Double?
    ) -> SimpleFunction {
        SimpleFunction(
            name, FunctionDocumentation(.mathematical, usage: "\(name)(number)", summary: summary, example: example),
            signatures: [Signature([.double], .double)]
        ) { site in RowKernel.values(site, Double.self) { body($0.double(0)) } }
    }

    private static func constant(
        _ name: String, _ summary: String, _ example: (String, String), _ value: Double
    ) -> SimpleFunction {
        SimpleFunction(
            name, FunctionDocumentation(.mathematical, usage: "\(name)()", summary: summary, example: example),
            signatures: [Signature([], .double)]
        ) { _ in { _, count in .constant(.real(value), type: .double, count: count) } }
    }
}
