import CCrypto
import CZlib
import HoneyCore
import HoneyPlan

/// Functions that summarize bytes.
enum Digests {
    static let all: [any ScalarFunction] = [
        digest(
            "md5", aliases: [], summary: "Gives the MD5 digest in hexadecimal.",
            result: "900150983cd24fb0d6963f7d28e17f72"
        ) {
            EVP_md5()
        },
        digest(
            "sha1", aliases: ["sha"], summary: "Gives the SHA-1 digest in hexadecimal.",
            result: "a9993e364706816aba3e25717850c26c9cd0d89d"
        ) {
            EVP_sha1()
        },
        SimpleFunction(
            "sha2",
            FunctionDocumentation(
                .string, usage: "sha2(text or binary, bits)",
                summary:
                    "Gives the SHA-2 digest of 224, 256 (also 0), 384 or 512 bits in hexadecimal; null for other sizes.",
                example: ("select substr(sha2('abc', 256), 1, 16)", "ba7816bf8f01cfea")),
            signatures: [Signature([.string, .int], .string), Signature([.binary, .int], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                switch row.int(1) {
                case 224: appendDigest(row.bytes(0), EVP_sha224(), to: &sink)
                case 0, 256: appendDigest(row.bytes(0), EVP_sha256(), to: &sink)
                case 384: appendDigest(row.bytes(0), EVP_sha384(), to: &sink)
                case 512: appendDigest(row.bytes(0), EVP_sha512(), to: &sink)
                default: return false
                }
                return true
            }
        },
        SimpleFunction(
            "crc32",
            FunctionDocumentation(
                .string, usage: "crc32(text or binary)", summary: "Gives the cyclic redundancy check.",
                example: ("select crc32('ABC')", "2743272264")),
            signatures: [Signature([.string], .bigint), Signature([.binary], .bigint)]
        ) { site in
            RowKernel.values(site, Int64.self) { row in
                let bytes = row.bytes(0)
                return Int64(CZlib.crc32(0, bytes.baseAddress, UInt32(truncatingIfNeeded: bytes.count)))
            }
        },
    ]

    private static func digest(
        _ name: String, aliases: [String], summary: String, result: String,
        _ algorithm: @escaping @Sendable () -> OpaquePointer?
    ) -> SimpleFunction {
        SimpleFunction(
            name, aliases: aliases,
            FunctionDocumentation(
                .string, usage: "\(name)(text or binary)", summary: summary, example: ("select \(name)('abc')", result)),
            signatures: [Signature([.string], .string), Signature([.binary], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                appendDigest(row.bytes(0), algorithm(), to: &sink)
                return true
            }
        }
    }

    private static func appendDigest(
        _ bytes: UnsafeBufferPointer<UInt8>, _ algorithm: OpaquePointer?, to sink: inout ByteSink
    ) {
        var count: UInt32 = 0
        let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, initialized in
            EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, &count, algorithm, nil)
            initialized = Int(count)
        }
        Hexadecimal.append(digest, uppercase: false, to: &sink)
    }
}

/// Bytes as pairs of hexadecimal digits.
enum Hexadecimal {
    static func append(_ bytes: some Sequence<UInt8>, uppercase: Bool, to sink: inout ByteSink) {
        for byte in bytes {
            sink.append(digit(byte >> 4, uppercase: uppercase))
            sink.append(digit(byte & 15, uppercase: uppercase))
        }
    }

    static func digit(_ value: UInt8, uppercase: Bool) -> UInt8 {
        value < 10 ? 48 + value : (uppercase ? 55 : 87) + value
    }

    /// The value of a digit; nil for another byte.
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
