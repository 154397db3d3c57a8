import HoneyCore
import HoneyHDFSMessages
import SwiftProtobuf

/// Commands of `dfsadmin` that limit what directories hold.
enum QuotaCommands {
    static let all: [AdministrationCommand] = [
        AdministrationCommand("-setQuota", "<quota> <dirname>...<dirname>", "Limit how many names are at and below directories.") {
            context, arguments in
            guard let first = arguments.first, let names = Int(first), names > 0 else {
                return try invalid(arguments, context)
            }
            return try await set(names: names, space: unchanged, arguments.dropFirst(), "setQuota", context)
        },
        AdministrationCommand("-clrQuota", "<dirname>...<dirname>", "Remove the limit of names.") { context, arguments in
            try await set(names: -1, space: unchanged, arguments[...], "clrQuota", context)
        },
        AdministrationCommand(
            "-setSpaceQuota", "<quota> <dirname>...<dirname>",
            "Limit the bytes of all replicas below directories; 50g is 50 gigabytes."
        ) { context, arguments in
            guard let first = arguments.first, let space = bytes(first), space > 0 else {
                return try invalid(arguments, context)
            }
            return try await set(names: unchanged, space: space, arguments.dropFirst(), "setSpaceQuota", context)
        },
        AdministrationCommand("-clrSpaceQuota", "<dirname>...<dirname>", "Remove the limit of bytes.") {
            context, arguments in
            try await set(names: unchanged, space: -1, arguments[...], "clrSpaceQuota", context)
        },
    ]

    /// Leaves a limit as it is: Hadoop's QUOTA_DONT_SET.
    private static let unchanged = Int.max

    private static func invalid(_ arguments: [String], _ context: AdministrationContext) throws -> Int32 {
        guard let text = arguments.first, arguments.count > 1 else { throw WrongUsage() }
        context.complain("\"\(text)\" is not a valid value for a quota.")
        return 255
    }

    /// Reads bytes with a binary unit, such as `5m` or `1t`.
    static func bytes(_ text: String) -> Int? {
        var digits = text[...]
        var shift = 0
        if let last = text.lowercased().last, let unit = ["k", "m", "g", "t", "p", "e"].firstIndex(of: String(last)) {
            shift = (unit + 1) * 10
            digits = digits.dropLast()
        }
        guard let count = Int(digits) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : product
    }

    private static func set(
        names: Int, space: Int, _ directories: ArraySlice<String>, _ command: String, _ context: AdministrationContext
    ) async throws -> Int32 {
        guard !directories.isEmpty else { throw WrongUsage() }
        var code: Int32 = 0
        for directory in directories {
            do {
                let path = try context.path(directory)
                let request = WireSetQuotaRequest.with {
                    $0.path = path
                    $0.namespaceQuota = UInt64(bitPattern: Int64(names))
                    $0.storagespaceQuota = UInt64(bitPattern: Int64(space))
                }
                _ = try await context.ask("setQuota", request, as: WireSetQuotaResponse.self)
            } catch {
                context.complain("\(command): \(firstLine(of: error))")
                code = 255
            }
        }
        return code
    }
}
