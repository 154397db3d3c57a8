import HoneyCore
import HoneyWorld
package import NIOCore
import NIOHTTP1

/// `fsck`: asks the active NameNode over HTTP to check files, with Hadoop's options and exit codes.
package enum FsckCommand {
    package static let usage =
        "Usage: honeyguide fsck <path> [-list-corruptfileblocks | [-move | -delete | -openforwrite] "
        + "[-files [-blocks [-locations | -racks]]]]"

    /// Tells the exit code: 0 for a healthy file system, 1 for a corrupt one.
    package static func run(
        _ arguments: [String], _ context: AdministrationContext, on group: any EventLoopGroup
    ) async throws -> Int32 {
        let options: [String: String] = [
            "-move": "move", "-delete": "delete", "-files": "files", "-openforwrite": "openforwrite",
            "-blocks": "blocks",
            "-locations": "locations", "-racks": "racks", "-list-corruptfileblocks": "listcorruptfileblocks",
        ]
        var names: [String] = []
        var path: String?
        for argument in arguments {
            if let name = options[argument] {
                names.append(name)
            } else if argument.hasPrefix("-") {
                context.complain("fsck: Illegal option '\(argument)'")
                context.complain(usage)
                return 255
            } else if let path {
                context.complain("fsck: can only operate on one path at a time '\(argument)' after '\(path)'")
                context.complain(usage)
                return 255
            } else {
                path = argument
            }
        }
        guard !arguments.isEmpty else {
            context.complain(usage)
            return 255
        }
        let place = try context.path(path ?? "/")
        var target = "/fsck?ugi=\(context.user.queryEncoded)"
        for name in names { target += "&\(name)=1" }
        target += "&path=\(place.queryEncoded)"
        let address = try await activeHTTP(context)
        context.complain("Connecting to namenode via http://\(address.host):\(address.port)\(target)")
        if names.contains("listcorruptfileblocks") {
            return try listCorrupt(place, target, address, context, on: group)
        }
        let text = try get(target, address, on: group)
        context.say(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        return exitCode(text)
    }

    private static func exitCode(_ text: String) -> Int32 {
        let last = text.split(whereSeparator: \.isNewline).last ?? ""
        if last.hasSuffix("is HEALTHY") || last.hasSuffix("does not exist") { return 0 }
        return last.hasSuffix("is CORRUPT") ? 1 : 255
    }

    /// Asks again until the NameNode has no more, since it tells some at a time.
    private static func listCorrupt(
        _ path: String, _ target: String, _ address: (host: String, port: Int), _ context: AdministrationContext,
        on group: any EventLoopGroup
    ) throws -> Int32 {
        var count = 0
        var cookie = 0
        while true {
            let text = try get(target + (cookie > 0 ? "&startblockafter=\(cookie)" : ""), address, on: group)
            var found = 0
            var next = cookie
            for line in text.split(whereSeparator: \.isNewline) {
                if line.hasPrefix("Cookie:") {
                    next = Int(line.split(separator: "\t").last ?? "") ?? cookie
                } else if line.hasPrefix("blk_") {
                    if count == 0 { context.say("The list of corrupt files under path '\(path)' are:") }
                    context.say(String(line))
                    found += 1
                    count += 1
                } else if !line.hasPrefix("The filesystem under path") {
                    context.complain(String(line))
                    if line.hasSuffix("FAILED") { return 255 }
                }
            }
            guard found > 0, next > cookie else { break }
            cookie = next
        }
        context.say("The filesystem under path '\(path)' has \(count) CORRUPT files")
        return count == 0 ? 0 : 255
    }

    private static func get(
        _ target: String, _ address: (host: String, port: Int), on group: any EventLoopGroup
    ) throws -> String {
        let exchange = try HTTPExchange(
            .GET, HTTPExchange.Place(host: address.host, port: address.port, target: target), on: group)
        let head = try exchange.finish()
        let text = String(buffer: try exchange.readAll())
        guard head.status == .ok else {
            throw HoneyError(.environment, "IO_ERROR", "NameNode answered \(head.status.code): \(text)")
        }
        return text
    }

    /// Where the active NameNode's HTTP is; one that listens everywhere is reached by the host of its RPC.
    private static func activeHTTP(_ context: AdministrationContext) async throws -> (host: String, port: Int) {
        let chosen = try await context.activeNameNode()
        guard case .tcp(let host, let port) = try context.configuration.nameNodeHTTPAddress(id: chosen.id),
            case .tcp(let rpcHost, _) = chosen.address
        else { throw HoneyError(.environment, "INVALID_SETTING", "NameNode has no HTTP address") }
        return (host == "0.0.0.0" || host == "::" ? rpcHost : host, port)
    }
}
