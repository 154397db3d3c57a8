import HoneyHDFS
import HoneyWorld

// Making the machines of a scenario.
extension Simulation {
    /// The NameNode that is to be the active one.
    var nameNode: SimulatedProcess<HDFSMessage> { nameNodes[activeNumber] }
    var nameNodeNames: [String] {
        scenario.hasStandby ? [Self.nameNodeName, Self.nameNodeName + "2"] : [Self.nameNodeName]
    }
    var nameNodeAddresses: [NetworkAddress] { nameNodeNames.map { .tcp(host: $0, port: Self.rpcPort) } }

    func makeNameNodes() {
        // The server of what they share is somebody else's care.
        let shared = scenario.hasStandby ? world.addHost("filer").addDisk("0") : nil
        for name in nameNodeNames { makeNameNode(name, shared) }
        if scenario.hasStandby { administrator = makeClient("administrator") }
    }

    func makeNameNode(_ name: String, _ shared: SimulatedDisk?) {
        let host = world.addHost(name)
        let disks = (0..<scenario.nameDisks).map { host.addDisk("\($0)") }
        let node = world.addProcess(name, on: host, listening: [(Self.rpcPort, .rpc)]) { [unowned self] in
            var configuration = NameNodeConfiguration()
            configuration.host = name
            configuration.others = nameNodeAddresses.filter { $0 != .tcp(host: name, port: Self.rpcPort) }
            configuration.tailPeriod = .seconds(2)
            configuration.checkpointTransactions = scenario.checkpointTransactions
            configuration.smallestBlockBytes = 1024
            configuration.hardLeaseLimit = .seconds(90)
            configuration.blocks.recheckInterval = .seconds(10)
            configuration.blocks.pendingTimeout = .seconds(30)
            configuration.blocks.safeModeExtension = .seconds(5)
            if scenario.mayLoseReplicas {
                configuration.blocks.safeModeDatanodes = min(scenario.replication, scenario.dataNodes)
            }
            configuration.blocks.decommissionInterval = .seconds(5)
            configuration.blocks.excludedHosts = excluded
            return NameNode(configuration: configuration, disks: disks, shared: shared, random: random.split())
        }
        node.onEnd = { [unowned self, unowned node] end in
            guard hasCeased, node === nameNode else { return }
            // One that was replaced ends when it sees that, even when it is just asked to be the active one again: it may be by somebody who was
            // asked before and did not come to it.
            if "\(end)".contains("another NameNode has become active") { return }
            fail("the NameNode ended though nothing is wrong any more: \(end)")
        }
        nameNodes.append(node)
    }

    func makeSecondary() {
        let host = world.addHost(Self.secondaryName)
        let disk = host.addDisk("0")
        secondary = world.addProcess(Self.secondaryName, on: host) { [unowned self] in
            var configuration = SecondaryNameNodeConfiguration(
                nameNode: .tcp(host: Self.nameNodeName, port: Self.rpcPort))
            configuration.checkPeriod = .seconds(3)
            configuration.checkpointTransactions = scenario.secondaryTransactions
            configuration.callTimeout = .seconds(20)
            return SecondaryNameNode(configuration: configuration, disk: disk, random: random.split())
        }
    }

    func makeDataNode(_ name: String) {
        let host = world.addHost(name)
        let disks = (0..<scenario.dataDisks).map { host.addDisk("\($0)", capacity: 1 << 30) }
        dataNodes.append(
            world.addProcess(name, on: host, listening: [(9866, .transfer), (9867, .rpc)]) { [unowned self] in
                var configuration = DataNodeConfiguration()
                configuration.nameNodes = nameNodeAddresses
                configuration.host = name
                configuration.transferAddress = .tcp(host: name, port: 9866)
                configuration.rpcAddress = .tcp(host: name, port: 9867)
                configuration.socketTimeout = .seconds(20)
                configuration.scanPeriod = Self.scanPeriod
                configuration.reportInterval = .seconds(120)
                return DataNode(configuration: configuration, disks: disks, random: random.split())
            })
    }

    func makeBalancer() {
        balancer = world.addProcess("balancer", on: world.addHost("balancer")) { [unowned self] in
            var configuration = BalancerConfiguration(
                namenode: nameNodeAddresses[activeNumber], namenodeName: nameNodeNames[activeNumber])
            // Disks hold much more than is ever written: a kilobyte of a gigabyte is worth a move.
            configuration.threshold = 1e-4
            configuration.smallestBlock = 0
            configuration.moveTimeout = .seconds(30)
            return Balancer(configuration: configuration, random: random.split())
        }
    }

    func makeClient(_ name: String) -> SimulatedProcess<HDFSMessage> {
        world.addProcess(name, on: world.addHost(name)) { [unowned self] in
            var configuration = HDFSClientConfiguration(nameNodes: nameNodeAddresses, user: "hdfs")
            configuration.replication = scenario.replication
            configuration.blockBytes = scenario.blockBytes
            configuration.packetBytes = scenario.packetBytes
            configuration.callTimeout = .seconds(30)
            configuration.socketTimeout = .seconds(20)
            // What was asked is asked until it is answered.
            configuration.connectPatience = .seconds(1 << 30)
            configuration.failovers = 1 << 30
            configuration.safeModePatience = .seconds(1 << 30)
            return HDFSClient(configuration: configuration, random: random.split())
        }
    }
}
