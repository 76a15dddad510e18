// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDataDao} from "../../src/interfaces/IDataDao.sol";
import {Vm} from "../base/Vm.sol";
import {DaoTest} from "../base/DaoTest.sol";

contract CreationTest is DaoTest {
    function test_RevertWhen_SchemaOrNameIsMissing() public {
        IDataDao.Deed memory wrong = deed();
        wrong.schema = 0;
        _refused(wrong, abi.encodeWithSelector(IDataDao.DataDaoMissing.selector, "schema"));
        wrong = deed();
        wrong.nameDigest = 0;
        _refused(wrong, abi.encodeWithSelector(IDataDao.DataDaoMissing.selector, "name"));
    }

    function test_RevertWhen_AnyPartBelongsToAnotherDao() public {
        IDataDao.Deed memory first = deed();
        createDao(0);
        for (uint256 part = 0; part < 7; ++part) {
            IDataDao.Deed memory mixed = deed();
            if (part == 0) mixed.timelock = first.timelock;
            if (part == 1) mixed.token = first.token;
            if (part == 2) mixed.governor = first.governor;
            if (part == 3) mixed.guardianRegistry = first.guardianRegistry;
            if (part == 4) mixed.contributionRegistry = first.contributionRegistry;
            if (part == 5) mixed.revenuePool = first.revenuePool;
            if (part == 6) mixed.accessMarket = first.accessMarket;
            (bool created, bytes memory reason) = address(this).call(abi.encodeCall(this.create, (mixed)));
            vm.assertFalse(created);
            vm.assertEq(bytes32(bytes4(reason)), bytes32(IDataDao.DataDaoWrongWiring.selector));
        }
    }

    function test_RevertWhen_TheCreatorKeptARole() public {
        bytes32[3] memory roles = [bytes32(0), timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE()];
        for (uint256 i = 0; i < roles.length; ++i) {
            vm.prank(address(timelock));
            timelock.grantRole(roles[i], creator);
            _refused(deed(), abi.encodeWithSelector(IDataDao.DataDaoWrongRole.selector, roles[i], creator, true));
            vm.prank(address(timelock));
            timelock.revokeRole(roles[i], creator);
        }
    }

    function test_RevertWhen_TheGovernorCannotPropose() public {
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.prank(address(timelock));
        timelock.revokeRole(role, address(governor));
        _refused(deed(), abi.encodeWithSelector(IDataDao.DataDaoWrongRole.selector, role, address(governor), false));
    }

    function test_RevertWhen_AnyoneMayPropose() public {
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.prank(address(timelock));
        timelock.grantRole(role, address(0));
        _refused(deed(), abi.encodeWithSelector(IDataDao.DataDaoWrongRole.selector, role, address(0), true));
    }

    function test_DeedNamesEveryPart() public view {
        vm.assertEq(keccak256(abi.encode(dao.deed())), keccak256(abi.encode(deed())));
        vm.assertEq(dao.token(), address(token));
        vm.assertEq(dao.timelock(), address(timelock));
        vm.assertEq(dao.governor(), address(governor));
        vm.assertEq(dao.guardianRegistry(), address(guardianRegistry));
        vm.assertEq(dao.contributionRegistry(), address(registry));
        vm.assertEq(dao.revenuePool(), address(pool));
        vm.assertEq(dao.accessMarket(), address(market));
        vm.assertEq(dao.schema(), SCHEMA);
    }

    /// @dev Every role ever given is in the logs; every owner is a public value.
    function test_NoPrivilegedKeyOutsideTheTimelock() public {
        vm.recordLogs();
        createDao(0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 granted = keccak256("RoleGranted(bytes32,address,address)");
        uint256 roles = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != granted) {
                continue;
            }
            ++roles;
            address holder = address(uint160(uint256(logs[i].topics[2])));
            vm.assertEq(logs[i].emitter, address(timelock));
            if (logs[i].topics[1] == timelock.DEFAULT_ADMIN_ROLE()) {
                vm.assertEq(holder, address(timelock), "admin");
            } else if (logs[i].topics[1] == timelock.EXECUTOR_ROLE()) {
                vm.assertEq(holder, address(0), "executor");
            } else {
                vm.assertEq(holder, address(governor), "proposer or canceller");
            }
        }
        vm.assertEq(roles, 4);
        vm.assertEq(registry.timelock(), address(timelock));
        vm.assertEq(pool.timelock(), address(timelock));
        vm.assertEq(market.timelock(), address(timelock));
        vm.assertEq(guardianRegistry.timelock(), address(timelock));
        vm.assertEq(governor.timelock(), address(timelock));
        vm.assertEq(token.minter(), address(registry));
        vm.assertEq(token.balanceOf(creator), 0);
        vm.assertEq(timelock.getMinDelay(), TIMELOCK_DELAY);
    }

    function test_CreationUsesEightNoncesInTheOrderOfTheProtocol() public {
        uint64 first = vm.getNonce(creator);
        createDao(0);
        address[8] memory parts = [
            address(timelock),
            address(token),
            address(governor),
            address(guardianRegistry),
            address(registry),
            address(pool),
            address(market),
            address(dao)
        ];
        for (uint64 i = 0; i < 8; ++i) {
            vm.assertEq(parts[i], vm.computeCreateAddress(creator, first + i));
        }
    }

    function create(IDataDao.Deed memory wrong) external returns (address) {
        vm.prank(creator);
        return deploy("DataDao.sol:DataDao", abi.encode(wrong));
    }

    function _refused(IDataDao.Deed memory wrong, bytes memory reason) private {
        vm.expectRevert(reason);
        this.create(wrong);
    }
}
