/** The signs beside words, of the Material Design Icons. Most say nothing that the words do not; one that does has a label. */
import {
  mdiAccountGroupOutline,
  mdiAccountMinusOutline,
  mdiAccountMultipleOutline,
  mdiAccountOutline,
  mdiAlertOutline,
  mdiArrowDown,
  mdiArrowUp,
  mdiCheck,
  mdiChevronDown,
  mdiClose,
  mdiCogOutline,
  mdiCompare,
  mdiContentCopy,
  mdiDownload,
  mdiDraw,
  mdiEarth,
  mdiFileOutline,
  mdiFolderMultipleOutline,
  mdiFolderOutline,
  mdiGauge,
  mdiHeartPulse,
  mdiInformationOutline,
  mdiKeyOutline,
  mdiLinkVariant,
  mdiLockOutline,
  mdiLogout,
  mdiMagnify,
  mdiOpenInNew,
  mdiPackageVariantClosed,
  mdiPencilOutline,
  mdiPlus,
  mdiPowerPlugOutline,
  mdiPulse,
  mdiRefresh,
  mdiRobotOutline,
  mdiSendOutline,
  mdiServerNetwork,
  mdiShieldCheckOutline,
  mdiStar,
  mdiStarOutline,
  mdiTrashCanOutline,
  mdiUndo,
  mdiUnfoldMoreHorizontal,
  mdiWeatherNight,
  mdiWebhook,
  mdiWhiteBalanceSunny,
} from '@mdi/js';
import type {ReactElement} from 'react';

interface IconProps {
  /** In pixels. */
  readonly size?: number;
  /** For whoever can't see it; absent: he misses nothing. */
  readonly label?: string;
}

export type Icon = (props: IconProps) => ReactElement;

const iconOf = (path: string): Icon =>
  function Sign({size = 24, label}) {
    return (
      <svg
        viewBox="0 0 24 24"
        width={size}
        height={size}
        fill="currentColor"
        className="sign"
        {...(label === undefined ? {'aria-hidden': true} : {role: 'img', 'aria-label': label})}
      >
        <path d={path} />
      </svg>
    );
  };

export const IconActivity = iconOf(mdiPulse);
export const IconAlertTriangle = iconOf(mdiAlertOutline);
export const IconArrowBackUp = iconOf(mdiUndo);
export const IconArrowDown = iconOf(mdiArrowDown);
export const IconArrowUp = iconOf(mdiArrowUp);
export const IconArrowsDiff = iconOf(mdiCompare);
export const IconArrowsSort = iconOf(mdiUnfoldMoreHorizontal);
export const IconBox = iconOf(mdiPackageVariantClosed);
export const IconCheck = iconOf(mdiCheck);
export const IconChevronDown = iconOf(mdiChevronDown);
export const IconCopy = iconOf(mdiContentCopy);
export const IconDownload = iconOf(mdiDownload);
export const IconExternalLink = iconOf(mdiOpenInNew);
export const IconFile = iconOf(mdiFileOutline);
export const IconFolder = iconOf(mdiFolderOutline);
export const IconFolders = iconOf(mdiFolderMultipleOutline);
export const IconGauge = iconOf(mdiGauge);
export const IconHeartRateMonitor = iconOf(mdiHeartPulse);
export const IconInfoCircle = iconOf(mdiInformationOutline);
export const IconKey = iconOf(mdiKeyOutline);
export const IconLink = iconOf(mdiLinkVariant);
export const IconLock = iconOf(mdiLockOutline);
export const IconLogout = iconOf(mdiLogout);
export const IconMoon = iconOf(mdiWeatherNight);
export const IconPencil = iconOf(mdiPencilOutline);
export const IconPlug = iconOf(mdiPowerPlugOutline);
export const IconPlus = iconOf(mdiPlus);
export const IconRefresh = iconOf(mdiRefresh);
export const IconRobot = iconOf(mdiRobotOutline);
export const IconSearch = iconOf(mdiMagnify);
export const IconSend = iconOf(mdiSendOutline);
export const IconServerCog = iconOf(mdiServerNetwork);
export const IconSettings = iconOf(mdiCogOutline);
export const IconShieldCheck = iconOf(mdiShieldCheckOutline);
export const IconSignature = iconOf(mdiDraw);
export const IconStar = iconOf(mdiStarOutline);
export const IconStarFilled = iconOf(mdiStar);
export const IconSun = iconOf(mdiWhiteBalanceSunny);
export const IconTrash = iconOf(mdiTrashCanOutline);
export const IconUser = iconOf(mdiAccountOutline);
export const IconUserMinus = iconOf(mdiAccountMinusOutline);
export const IconUsers = iconOf(mdiAccountMultipleOutline);
export const IconUsersGroup = iconOf(mdiAccountGroupOutline);
export const IconWebhook = iconOf(mdiWebhook);
export const IconWorld = iconOf(mdiEarth);
export const IconX = iconOf(mdiClose);
