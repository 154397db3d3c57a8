import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

// Starting NameNodes, which must know what they knew, and having one be the active one.
extension Simulation {
    /// Notes what the NameNode knows, before it goes.
    func rememberNameSpace() {
        guard !scenario.hasStandby, let node = nameNode.machine as? NameNode, let namespace = node.namespace else {
            return
        }
        lastKnown = (namespace.text, node.transactions.last)
    }

    /// Starts the NameNode, which must know what it knew: all, unless transactions nobody was told of are lost.
    func startNameNode() {
        guard !nameNode.isAlive, nameNode.host.isUp else { return }
        nameNode.start()
        guard let node = nameNode.machine as? NameNode, let namespace = node.namespace, let lastKnown else { return }
        self.lastKnown = nil
        guard node.transactions.last == lastKnown.transaction else { return }
        checkedRestarts += 1
        let text = namespace.text
        guard text != lastKnown.text else { return }
        fail("the restarted NameNode differs:\n" + Self.difference(lastKnown.text, text))
    }

    /// Starts the NameNodes that should run and don't.
    func startNameNodes() {
        for node in nameNodes where heldDown[node.name, default: 0] <= 0 {
            if node === nameNode { startNameNode() } else { node.start() }
        }
        activate()
    }

    // MARK: Two NameNodes

    /// Whether the NameNode that is to be active is.
    var isServed: Bool { (nameNode.machine as? NameNode)?.isActive == true }

    /// Has the other NameNode become the active one.
    func takeOver() {
        guard scenario.hasStandby else { return }
        activeNumber = 1 - activeNumber
        activate()
    }

    /// Tells the NameNode that is to be active so, as long as it is not.
    func activate() {
        guard let administrator, nameNode.isAlive, !isServed else { return }
        administrator.start()
        let request = WireTransitionToActiveRequest.with { $0.reqInfo.reqSource = .requestByUser }
        let address = nameNodeAddresses[activeNumber]
        administrator.perform(HDFSClient.self) { client, now, effects in
            client.run(at: now, effects) { client in
                client.call(
                    "transitionToActive", request, to: .server(address, .highAvailability),
                    as: WireTransitionToActiveResponse.self
                ) { _ in }
            }
        }
    }

    /// The lines that are in one text alone.
    static func difference(_ old: String, _ new: String) -> String {
        let (before, after) = (old.split(separator: "\n"), new.split(separator: "\n"))
        let gone = before.filter { !after.contains($0) }.map { "- " + $0 }
        let come = after.filter { !before.contains($0) }.map { "+ " + $0 }
        return (gone + come).joined(separator: "\n")
    }

    /// Starts again whatever ended by itself, as the system's service manager does.
    func supervise() {
        startNameNodes()
        for node in dataNodes where heldDown[node.name, default: 0] == 0 { node.start() }
        if heldDown[Self.secondaryName, default: 0] == 0 { secondary?.start() }
        world.after(.seconds(5)) { [unowned self] in supervise() }
    }
}
