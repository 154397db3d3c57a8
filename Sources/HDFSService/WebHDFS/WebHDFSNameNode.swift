import HTTPTypes
import HoneyHDFS
import HoneyHDFSMessages
import HummingbirdCore
import NIOCore
import SwiftProtobuf

/// WebHDFS of a NameNode: it does what concerns names itself, and sends who wants bytes to a DataNode.
struct WebHDFSNameNode: Sendable {
    let nameNode: NameNodeCalls
    /// What DataNodes are told to call: `host:port` of the NameNode's RPC, or the name of its service.
    let authority: String

    func answer(_ request: Request, from host: String) async -> Response {
        do {
            let call = try WebHDFSCall(request, from: host)
            return try await answer(call)
        } catch {
            return .refusal(RemoteException(serving: error), isTyped: request.wantsTypedJSON)
        }
    }

    private func answer(_ call: WebHDFSCall) async throws -> Response {
        switch call.method {
        case "GET", "HEAD":
            switch call.operation {
            case "OPEN", "GETFILECHECKSUM": return try await redirectToBytes(call)
            default: return .json(try await read(call), isTyped: call.isTyped)
            }
        case "PUT":
            if call.operation == "CREATE" { return try await redirectToAnyDatanode(call) }
            return reply(try await put(call), call)
        case "POST":
            if call.operation == "APPEND" { return try await redirectToBytes(call) }
            return reply(try await post(call), call)
        case "DELETE": return reply(try await delete(call), call)
        default: throw RemoteException.unsupported("\(call.method) is not supported")
        }
    }

    private func reply(_ value: JSONValue?, _ call: WebHDFSCall) -> Response {
        value.map { .json($0, isTyped: call.isTyped) } ?? Response(status: .ok)
    }

    /// Calls a method of the NameNode as the user of a request.
    func ask<Response: Message>(
        _ method: String, _ call: WebHDFSCall, _ request: some Message, as type: Response.Type = Response.self
    ) async throws -> Response {
        try await nameNode.call(method, request, user: call.user, as: Response.self).get()
    }

    /// Describes what a path names; fails with `FileNotFoundException`.
    func status(_ call: WebHDFSCall) async throws -> WireHdfsFileStatus {
        let request = WireGetFileInfoRequest.with { $0.src = call.path }
        let response = try await ask("getFileInfo", call, request, as: WireGetFileInfoResponse.self)
        guard response.hasFs else { throw RemoteException.fileNotFound("File does not exist: \(call.path)") }
        return response.fs
    }

    private func delete(_ call: WebHDFSCall) async throws -> JSONValue? {
        switch call.operation {
        case "DELETE":
            let isRecursive = try call.parameters.bool("recursive") ?? false
            let request = WireDeleteRequest.with {
                $0.src = call.path
                $0.recursive = isRecursive
            }
            return ["boolean": .bool(try await ask("delete", call, request, as: WireDeleteResponse.self).result)]
        case "DELETESNAPSHOT": throw call.missing("snapshots")
        default: throw call.unknownOperation()
        }
    }

    private func post(_ call: WebHDFSCall) async throws -> JSONValue? {
        switch call.operation {
        case "CONCAT":
            let sources = try call.parameters.required("sources").split(separator: ",").map { String($0).trimmed }
            let request = WireConcatRequest.with {
                $0.trg = call.path
                $0.srcs = sources
            }
            _ = try await ask("concat", call, request, as: WireConcatResponse.self)
            return nil
        case "TRUNCATE":
            guard let size = try call.parameters.int("newlength") else {
                throw RequestParameters.invalid("newlength", "Required param newlength is missing")
            }
            let request = WireTruncateRequest.with {
                $0.src = call.path
                $0.newLength = UInt64(size)
                $0.clientName = "webhdfs_\(call.user)"
            }
            return ["boolean": .bool(try await ask("truncate", call, request, as: WireTruncateResponse.self).result)]
        case "UNSETSTORAGEPOLICY":
            let request = WireUnsetStoragePolicyRequest.with { $0.src = call.path }
            _ = try await ask("unsetStoragePolicy", call, request, as: WireUnsetStoragePolicyResponse.self)
            return nil
        case "UNSETECPOLICY": throw call.missing("erasure coding")
        default: throw call.unknownOperation()
        }
    }
}

extension WebHDFSCall {
    func missing(_ feature: String) -> RemoteException {
        .unsupported("\(feature) are not part of this file system: \(operation)")
    }
}
