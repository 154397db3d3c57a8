import HoneyCore
import HoneyFiles
package import HoneyHDFSMessages
package import HoneyWorld
package import SwiftProtobuf

/// What administrators ask of one name service; calls wait for their answers.
package struct HDFSAdministration: Sendable {
    private let fileSystem: HDFSFileSystem
    private let root: FileLocation

    fileprivate init(_ fileSystem: HDFSFileSystem, _ root: FileLocation) {
        self.fileSystem = fileSystem
        self.root = root
    }

    /// Calls any method of ClientProtocol.
    package func ask<Request: Message, Response: Message>(
        _ method: String, _ request: Request, as type: Response.Type = Response.self
    ) throws -> Response {
        try fileSystem.ask(method, request, at: root)
    }

    /// Calls a method of one server, such as a NameNode that may be the standby or a DataNode, tried once.
    package func ask<Request: Message, Response: Message>(
        _ server: NetworkAddress, _ protocolName: RPCProtocol, _ method: String, _ request: Request,
        as type: Response.Type = Response.self
    ) throws -> Response {
        do {
            return try fileSystem.client(root).wait { client, done in
                client.call(method, request, to: .server(server, protocolName), as: Response.self) { result in
                    client.later { done(result) }
                }
            }
        } catch {
            throw HDFSFileSystem.located(error, at: root)
        }
    }

    package func datanodes(_ type: WireDatanodeReportType = .all) throws -> [WireDatanodeInfo] {
        let response: WireGetDatanodeReportResponse = try ask(
            "getDatanodeReport", WireGetDatanodeReportRequest.with { $0.type = type })
        return response.di
    }

    package func statistics() throws -> WireGetFsStatsResponse { try ask("getFsStats", WireGetFsStatusRequest()) }

    package func replicatedBlockStatistics() throws -> WireGetFsReplicatedBlockStatsResponse {
        try ask("getFsReplicatedBlockStats", WireGetFsReplicatedBlockStatsRequest())
    }

    /// Enters, leaves or asks for safe mode; tells whether it is on then.
    @discardableResult
    package func safeMode(_ action: WireSafeModeAction) throws -> Bool {
        let response: WireSetSafeModeResponse = try ask(
            "setSafeMode", WireSetSafeModeRequest.with { $0.action = action })
        return response.result
    }

    /// Writes an image of the name space, unless there is one younger than `seconds` or with fewer changes since than `changes`.
    @discardableResult
    package func saveNamespace(unlessWithin seconds: Int = 0, changes: Int = 0) throws -> Bool {
        let response: WireSaveNamespaceResponse = try ask(
            "saveNamespace",
            WireSaveNamespaceRequest.with {
                $0.timeWindow = UInt64(clamping: seconds)
                $0.txGap = UInt64(clamping: changes)
            })
        return response.saved
    }

    /// Has the NameNode read the lists of hosts again.
    package func refreshNodes() throws {
        let _: WireRefreshNodesResponse = try ask("refreshNodes", WireRefreshNodesRequest())
    }

    /// The files at and below a path that have blocks without a good replica.
    package func corruptFiles(below path: String = "/") throws -> [String] {
        var files: [String] = []
        var cookie: String?
        while true {
            let response: WireListCorruptFileBlocksResponse = try ask(
                "listCorruptFileBlocks",
                WireListCorruptFileBlocksRequest.with {
                    $0.path = path
                    if let cookie { $0.cookie = cookie }
                })
            guard !response.corrupt.files.isEmpty, response.corrupt.cookie != cookie else { return files }
            files += response.corrupt.files
            cookie = response.corrupt.cookie
        }
    }

    /// The blocks of a range of a file, with the nodes that have them.
    package func blocks(of path: String, range: Range<Int> = 0..<Int.max) throws -> WireLocatedBlocks {
        let response: WireGetBlockLocationsResponse = try ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = UInt64(clamping: range.lowerBound)
                $0.length = UInt64(clamping: range.count)
            })
        return response.locations
    }

    // MARK: High availability

    /// Asks a NameNode whether it is active.
    package func serviceStatus(of nameNode: NetworkAddress) throws -> WireGetServiceStatusResponse {
        try ask(nameNode, .highAvailability, "getServiceStatus", WireGetServiceStatusRequest())
    }

    package func makeActive(_ nameNode: NetworkAddress, forced: Bool = false) throws {
        let _: WireTransitionToActiveResponse = try ask(
            nameNode, .highAvailability, "transitionToActive",
            WireTransitionToActiveRequest.with { $0.reqInfo.reqSource = forced ? .requestByUserForced : .requestByUser }
        )
    }

    package func makeStandby(_ nameNode: NetworkAddress, forced: Bool = false) throws {
        let _: WireTransitionToStandbyResponse = try ask(
            nameNode, .highAvailability, "transitionToStandby",
            WireTransitionToStandbyRequest.with {
                $0.reqInfo.reqSource = forced ? .requestByUserForced : .requestByUser
            })
    }
}

extension HDFSFileSystem {
    /// Speaks for the name service of an authority; that of the default one when it is empty.
    package func administration(of authority: String = "") -> HDFSAdministration {
        HDFSAdministration(self, FileLocation(scheme: scheme, authority: authority, path: "/"))
    }
}
