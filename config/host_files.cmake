# What a host needs beside the programs. Where root finds them is fixed, so the
# files below /etc do not follow the prefix.
install(FILES ${CMAKE_CURRENT_LIST_DIR}/pam-configs/latchkey DESTINATION ${CMAKE_INSTALL_DATADIR}/pam-configs)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/sysusers/latchkey.conf DESTINATION lib/sysusers.d)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/tmpfiles/latchkey.conf DESTINATION lib/tmpfiles.d)
install(FILES
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-outbox.path
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-outbox.service
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-outbox.timer
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-probe.service
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-probe.timer
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-user.socket
    ${CMAKE_CURRENT_LIST_DIR}/systemd/latchkey-user@.service
    DESTINATION lib/systemd/system)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/cron/latchkey
    DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples RENAME cron)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/pam.d/latchkey-enrol DESTINATION /etc/pam.d)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/latchkey.toml DESTINATION /etc/latchkey)
install(DIRECTORY DESTINATION /etc/latchkey/latchkey.d)
