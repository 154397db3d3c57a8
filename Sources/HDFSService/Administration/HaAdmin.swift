import HoneyCore
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// `haadmin`: which NameNode of a name service is active, and making another one so.
package enum HaAdmin {
    /// Runs one command, such as `-getServiceState nn1`; tells the exit code.
    package static func run(_ arguments: [String], _ context: AdministrationContext) async -> Int32 {
        await AdministrationCommand.run(arguments, of: "haadmin", commands, context)
    }

    private static let commands: [AdministrationCommand] = [
        AdministrationCommand("-getServiceState", "<serviceId>", "Tell whether a NameNode is active or standby.") {
            context, arguments in
            guard arguments.count == 1 else { throw WrongUsage() }
            context.say(try await state(of: arguments[0], context).state.hadoopName)
            return 0
        },
        AdministrationCommand("-getAllServiceState", "", "Tell the states of all NameNodes.") { context, arguments in
            try DfsAdmin.none(arguments)
            for node in try context.configuration.nameNodes() {
                let name = "\(node.address)"
                var text: String
                do { text = try await state(at: node.address, context).state.hadoopName } catch {
                    text = "Failed to connect: \(firstLine(of: error, about: [node.address]))"
                }
                context.say(name + String(repeating: " ", count: max(1, 51 - name.count)) + text)
            }
            return 0
        },
        AdministrationCommand("-transitionToActive", "[--forceactive] <serviceId>", "Make a NameNode the active one.") {
            context, arguments in
            let (ids, flags) = try split(arguments, flags: ["--forceactive", "--forcemanual"], count: 1)
            if !flags.contains("--forceactive") {
                for node in try context.configuration.nameNodes() where node.id != ids[0] {
                    // One that cannot be asked is not known to be active.
                    guard let other = try? await state(at: node.address, context), other.state == .active else { continue }
                    context.complain("transitionToActive: Node \(node.id ?? "\(node.address)") is already active")
                    return 255
                }
            }
            try await transition(toActive: true, ids[0], forced: flags.contains("--forceactive"), context)
            return 0
        },
        AdministrationCommand("-transitionToStandby", "<serviceId>", "Make a NameNode a standby.") {
            context, arguments in
            let (ids, _) = try split(arguments, flags: ["--forcemanual"], count: 1)
            try await transition(toActive: false, ids[0], forced: false, context)
            return 0
        },
        AdministrationCommand(
            "-failover", "[--forceactive] <serviceId> <serviceId>", "Make the first a standby and the second active."
        ) { context, arguments in
            let (ids, flags) = try split(arguments, flags: ["--forceactive", "--forcefence"], count: 2)
            return try await failOver(from: ids[0], to: ids[1], forced: flags.contains("--forceactive"), context)
        },
        AdministrationCommand("-checkHealth", "<serviceId>", "Tell by the exit code whether a NameNode is well.") {
            context, arguments in
            guard arguments.count == 1 else { throw WrongUsage() }
            _ = try await context.ask(
                at: address(of: arguments[0], context), .highAvailability, "monitorHealth", WireMonitorHealthRequest(),
                as: WireMonitorHealthResponse.self)
            return 0
        },
    ]

    private static func split(_ arguments: [String], flags: Set<String>, count: Int) throws -> ([String], Set<String>) {
        let ids = arguments.filter { !$0.hasPrefix("--") }
        let given = Set(arguments.filter { $0.hasPrefix("--") })
        guard ids.count == count, given.isSubset(of: flags) else { throw WrongUsage() }
        return (ids, given)
    }

    private static func address(of id: String, _ context: AdministrationContext) throws -> NetworkAddress {
        let nodes = try context.configuration.nameNodes()
        if let node = nodes.first(where: { $0.id == id || "\($0.address)" == id }) { return node.address }
        if id.contains(":") {
            return try HadoopConfiguration.address(id, port: HadoopConfiguration.namenodePort, of: "serviceId")
        }
        let known = nodes.compactMap(\.id).joined(separator: ", ")
        throw HoneyError(
            .environment, "INVALID_ARGUMENT", "no NameNode is called \(id) (known: \(known))")
    }

    private static func state(of id: String, _ context: AdministrationContext) async throws
        -> WireGetServiceStatusResponse
    { try await state(at: address(of: id, context), context) }

    private static func state(at address: NetworkAddress, _ context: AdministrationContext) async throws
        -> WireGetServiceStatusResponse
    {
        try await context.ask(
            at: address, .highAvailability, "getServiceStatus", WireGetServiceStatusRequest(),
            as: WireGetServiceStatusResponse.self)
    }

    private static func transition(
        toActive: Bool, _ id: String, forced: Bool, _ context: AdministrationContext
    ) async throws {
        let address = try address(of: id, context)
        let information = WireHAStateChangeRequestInfo.with {
            $0.reqSource = forced ? .requestByUserForced : .requestByUser
        }
        if toActive {
            let request = WireTransitionToActiveRequest.with { $0.reqInfo = information }
            _ = try await context.ask(
                at: address, .highAvailability, "transitionToActive", request, as: WireTransitionToActiveResponse.self)
        } else {
            let request = WireTransitionToStandbyRequest.with { $0.reqInfo = information }
            _ = try await context.ask(
                at: address, .highAvailability, "transitionToStandby", request, as: WireTransitionToStandbyResponse.self)
        }
    }

    private static func failOver(
        from old: String, to new: String, forced: Bool, _ context: AdministrationContext
    ) async throws -> Int32 {
        let target = try await state(of: new, context)
        guard target.state == .standby else {
            context.complain("failover: Can't failover to an active service")
            return 255
        }
        guard target.readyToBecomeActive || forced else {
            context.complain("failover: \(new) is not ready to become active: \(target.notReadyReason)")
            return 255
        }
        try await transition(toActive: false, old, forced: false, context)
        do {
            try await transition(toActive: true, new, forced: forced, context)
        } catch {
            context.complain("failover: \(firstLine(of: error)); \(old) becomes active again")
            try await transition(toActive: true, old, forced: false, context)
            return 255
        }
        context.say("Failover from \(old) to \(new) successful")
        return 0
    }
}
