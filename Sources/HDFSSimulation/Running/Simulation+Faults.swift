import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld

extension Simulation {
    /// Lets a fault happen and be mended at its times.
    func schedule(_ timed: TimedFault) {
        world.after(.milliseconds(timed.atMilliseconds) - world.now) { [unowned self] in
            guard !hasCeased else { return }
            world.trace?("    fault: \(timed.fault.text)")
            begin(timed.fault)
            guard let duration = timed.forMilliseconds else { return }
            world.after(.milliseconds(duration)) { [unowned self] in
                guard !hasCeased else { return }
                world.trace?("    mended: \(timed.fault.text)")
                end(timed.fault)
            }
        }
    }

    private func begin(_ fault: Fault) {
        let network = world.network
        switch fault {
        case .kill(let name):
            heldDown[name, default: 0] += 1
            goingDown(name) { world.processes[name]?.kill() }
        case .power(let name):
            heldDown[name, default: 0] += 1
            guard let host = world.hosts[name], host.isUp else { break }
            goingDown(name) { world.losePower(host) }
        case .pause(let name): world.processes[name]?.pause()
        case .block(let from, let to): network.block(from: from, to: to)
        case .partition(let one, let other):
            network.block(from: one, to: other)
            network.block(from: other, to: one)
        case .slow(let from, let to, let milliseconds):
            network.set(LinkConditions(latencyNanoseconds: .milliseconds(milliseconds)), from: from, to: to)
        case .cut(let thousandths): network.usual.cutThousandths = thousandths
        case .loss(let thousandths): network.usual.lossThousandths = thousandths
        case .refuse(let name): world.hosts[name]?.refusesConnections = true
        case .clock(let name, let seconds): world.hosts[name]?.clock.wallErrorMilliseconds += seconds * 1000
        case .drift(let name, let millionths): world.hosts[name]?.clock.setDrift(millionths: millionths, at: world.now)
        case .decommission(let name): decommission(name)
        case .takeOver: takeOver()
        case .balance: balancer?.start()
        default: beginDiskFault(fault)
        }
    }

    private func beginDiskFault(_ fault: Fault) {
        switch fault {
        case .failWrites(let name, let thousandths): disk(name)?.faults.writeFailureThousandths = thousandths
        case .failSyncs(let name, let thousandths): disk(name)?.faults.syncFailureThousandths = thousandths
        case .failReads(let name, let thousandths): disk(name)?.faults.readFailureThousandths = thousandths
        case .fill(let name, let bytes):
            guard let disk = disk(name), let space = try? disk.space() else { break }
            disk.capacity = space.capacity - space.available + bytes
        case .slowDisk(let name, let milliseconds):
            disk(name)?.syncNanoseconds = Int.milliseconds(milliseconds / 2)...Int.milliseconds(milliseconds)
        case .lose(let name): disk(name)?.faults.isLost = true
        case .rot(let name):
            // Of a DataNode only replicas: what else it has says who it is, and must be mended by hand.
            let holdsReplicas = name.hasPrefix("datanode")
            disk(name)?.rot { !holdsReplicas || $0.contains("/blk_") }
        default: break
        }
    }

    /// Mends a fault as far as it lasts.
    private func end(_ fault: Fault) {
        let network = world.network
        switch fault {
        case .kill(let name): comesUp(name)
        case .power(let name):
            if let host = world.hosts[name], !host.isUp { world.restorePower(host) }
            comesUp(name)
        case .pause(let name): world.processes[name]?.resume()
        case .block(let from, let to): network.unblock(from: from, to: to)
        case .partition(let one, let other):
            network.unblock(from: one, to: other)
            network.unblock(from: other, to: one)
        case .slow(let from, let to, _): network.set(nil, from: from, to: to)
        case .cut: network.usual.cutThousandths = scenario.network.cutThousandths
        case .loss: network.usual.lossThousandths = scenario.network.lossThousandths
        case .refuse(let name): world.hosts[name]?.refusesConnections = false
        case .clock(let name, let seconds): world.hosts[name]?.clock.wallErrorMilliseconds -= seconds * 1000
        case .drift(let name, _): world.hosts[name]?.clock.setDrift(millionths: 0, at: world.now)
        case .decommission(let name): recommission(name)
        case .failWrites(let name, _), .failSyncs(let name, _), .failReads(let name, _), .fill(let name, _),
            .slowDisk(let name, _), .lose(let name):
            if let disk = disk(name) { mend(disk) }
        case .balance: balancer?.kill()
        case .rot, .takeOver: break
        }
    }

    private func decommission(_ name: String) {
        excluded.insert(name)
        tellExcluded()
    }

    /// Takes a DataNode back; one that has given all its blocks to others comes back empty.
    private func recommission(_ name: String) {
        guard excluded.contains(name) else { return }
        if let node = nameNode.machine as? NameNode, node.isActive, let blocks = node.blockManager,
            let known = blocks.registry.liveNodes(onHost: name).first, known.adminState == .decommissioned,
            // What was being written meanwhile may be nowhere else.
            node.namespace?.leases.count == 0, blocks.decommissionProgress(of: known).isDone
        {
            world.trace?("    \(name) is decommissioned and comes back with new disks")
            for disk in world.hosts[name]?.disks ?? [] { exchange(disk) }
            return takeBack(name, replacing: known.uuid)
        }
        excluded.remove(name)
        tellExcluded()
    }

    /// Takes a DataNode back once the NameNode no longer counts on what was on its old disks.
    private func takeBack(_ name: String, replacing old: String) {
        let node = nameNode.machine as? NameNode
        guard let blocks = node?.blockManager, node?.isActive == true,
            !blocks.registry.liveNodes(onHost: name).contains(where: { $0.uuid == old })
        else { return world.after(.seconds(1)) { [unowned self] in takeBack(name, replacing: old) } }
        excluded.remove(name)
        tellExcluded()
    }

    /// Tells the NameNode which hosts are to be decommissioned.
    func tellExcluded() {
        for node in nameNodes {
            (node.machine as? NameNode)?.blockManager?.refreshNodes(included: [], excluded: excluded)
        }
    }

    private func disk(_ name: String) -> SimulatedDisk? {
        let parts = name.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[1]), let host = world.hosts[String(parts[0])],
            host.disks.indices.contains(number)
        else { return nil }
        return host.disks[number]
    }

    private func goingDown(_ name: String, _ work: () -> Void) {
        if name == nameNode.name { rememberNameSpace() }
        work()
        workloads.first { $0.name == name }?.died()
        writers.first { $0.name == name }?.died()
    }

    private func comesUp(_ name: String) {
        heldDown[name, default: 1] -= 1
        guard heldDown[name] ?? 0 <= 0 else { return }
        switch name {
        case let node where nameNodes.contains { $0.name == node }: startNameNodes()
        case let node where dataNodes.contains { $0.name == node }: world.processes[name]?.start()
        default: restart(name)
        }
    }
}
